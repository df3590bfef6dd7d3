/*
 * Whether what real nodes did is a path of settling.pml: `npm run faults -- revocation --replay`.
 *
 * The file "trace" has what they told, in the order of the machine's one clock: { step, who, key, value, span, needs }. Steps
 * within a node, and time, are taken in just that order. What the database did is not told, for nobody saw when: it
 * happens between what was asked and what was answered, and Spin searches for moments that fit. The assertion at the end
 * fails where the last line is reached: the trace is a path of the model.
 *
 * Of the moments that might fit, those are tried that leave the most possible afterwards. A change commits as late as it
 * can: where a line needs its number. A renewal that was answered is executed as soon as the number is that of its
 * answer: the row is never behind for longer, and never looked at before. A command looks, and a row appears, right
 * before the node knows of it. Whatever has no answer may happen at any moment, or never.
 *
 * One tick is a millisecond. A lease has one more, for times are rounded down.
 */
#define REPLAY
#define NUMBER short
#define TIME short
#define NODES 12
#define COMMANDS 24
#define COMMITS CHANGES
#define IS_LATE(i) true
#define IS_AT_ONCE(i) false
#define LENGTH(i) (LEASE + 1)
#define LONGEST_AGE (LEASE + 1)

#define UNKNOWN (-1)
#define NOBODY (-2)

c_decl {
\#include <stdio.h>
\#include <stdlib.h>
  static short trace[LINES][6];
  static int furthest;
  static void tellFurthest(void) { printf("furthest line %d\n", furthest); }
  static void readTrace(void) {
    FILE *file = fopen("trace", "r");
    short *number = &trace[0][0];
    if (file == NULL) exit(1);
    while (number < &trace[0][0] + 6 * LINES && fscanf(file, "%hd", number) == 1) number++;
    fclose(file);
    atexit(tellFurthest);
  }
}

/* The line that comes next. */
int at;
short step;
short who;
short key;
short value;
short span;
short needs; /* the number that the database has reached by then */

inline readLine() {
  c_code {
    now.step = trace[now.at][0];
    now.who = trace[now.at][1];
    now.key = trace[now.at][2];
    now.value = trace[now.at][3];
    now.span = trace[now.at][4];
    now.needs = trace[now.at][5];
    if (now.at > furthest) furthest = now.at;
  }
}

/* What is under way. */
typedef Asking {
  bit joins;
  short joinsAt; /* the number that the node will be told, or UNKNOWN where no answer came */
  short newest; /* the same of its renewal; NOBODY: the node has no row */
  bit leaves
};
Asking asking[NODES];

typedef Running {
  bit commits;
  bit looksFirst;
  bit looksLast;
  byte on; /* the node */
  byte dead /* a row that the command removes, and 1 */
};
Running running[COMMANDS];
short keyOf[COMMANDS];

#define MAY(step, i) step(i)
#define TOOK at++; readLine()
#define IS(s, i) (step == s && who == i)
#define KEY(c) keyOf[c]
#define NEEDS_SETTLING(k) true
#define NEWEST(c) value
#define PASSES span
#define READ_KEY key
#define READ_AT value

#define JOINS(i) \
  (asking[i].joins && \
    (asking[i].joinsAt == UNKNOWN || (asking[i].joinsAt == number && (IS(T_JOINED, i) || needs > number))))
#define ENTERS(i) (asking[i].joins && (asking[i].joinsAt == UNKNOWN || IS(T_JOINED, i)))
#define ASKS(i) IS(T_ASK, i)
#define IS_ANSWERED_NOW(i) (row[i].present -> asking[i].newest == number : asking[i].newest == NOBODY)
#define RENEWS(i) (asking[i].newest == UNKNOWN || IS_ANSWERED_NOW(i))
#define HAS_TO_RENEW(i) (node[i].renewal == ASKED && IS_ANSWERED_NOW(i))
#define LOSES(i) IS(T_LOST, i)
#define IS_GOOD(i) (node[i].newest >= node[i].applied && node[i].knownMark)
#define LEFT_OF(i) (node[i].age < LENGTH(i) -> LENGTH(i) - node[i].age : 0)
#define TAKES_ANSWER(i) \
  ((IS(T_EXTENDED, i) && IS_GOOD(i) && node[i].newest == value && span <= LEFT_OF(i)) || (IS(T_ANEW, i) && !IS_GOOD(i)))
#define TAKES_NO_ROW(i) IS(T_ANEW, i)
#define READS(i) (IS(T_READ, i) && value <= number && key >= value)
#define STOPS(i) IS(T_STOP, i)
#define LEAVES(i) asking[i].leaves
#define IS_KILLED(i) IS(T_KILLED, i)
#define CHANGES_IT(c) (running[c].commits && number == KEY(c) && needs > number)
#define COMES_AGAIN(c) (IS(T_AGAIN, c) && value <= number)
#define IS_ABOUT(c) (IS(T_LOOKED, c) || IS(T_SETTLED, c))
#define LOOKS_FIRST(c) (running[c].looksFirst && IS_ABOUT(c))
#define RETURNS_EARLY(c) (running[c].looksLast && IS_ABOUT(c))
#define REMOVES(c) (running[c].dead != 0)
#define RETURNS_LATE(c) IS(T_SETTLED, c)
#define DIES(c) IS(T_DIED, c)
#define PASSES_ON(i) (step == T_TIME && !SOMEBODY_HAS_TO_RENEW)

#define BEHIND(c, i) IS_BEHIND_FOR(c, i, running[c].on)
#define FOR_ANY_2(test, c, i) (test(c, i) || test(c, (i) + 1))
#define FOR_ANY_4(test, c, i) (FOR_ANY_2(test, c, i) || FOR_ANY_2(test, c, (i) + 2))
#define FOR_ANY_NODE(test, c) (FOR_ANY_4(test, c, 0) || FOR_ANY_4(test, c, 4) || FOR_ANY_4(test, c, 8))
#define SOMEBODY_IS_BEHIND(c) FOR_ANY_NODE(BEHIND, c)
#define RENEWS_NOW(c, i) HAS_TO_RENEW(i)
#define SOMEBODY_HAS_TO_RENEW FOR_ANY_NODE(RENEWS_NOW, 0)
#define SOMEBODY_IS_DEAD(c) IS_DEAD(c, running[c].dead - 1)

inline chooseDead(c) {
  i = running[c].dead - 1;
  running[c].dead = 0
}

#include "settling.pml"

/* What was asked of the database and answered by it, and what a node has allowed. */
proctype Trace() {
  do
  :: atomic {
    step == T_COMMAND ->
    keyOf[who] = key;
    running[who].on = value;
    running[who].commits = 0;
    running[who].looksFirst = 0;
    running[who].looksLast = 0;
    running[who].dead = 0;
    TOOK
  }
  :: atomic { step == T_PREPARED && number >= needs -> running[who].commits = 1; TOOK }
  :: atomic { step == T_CONFIRMED && command[who].state == COMMITTED -> running[who].commits = 0; TOOK }
  :: atomic {
    step == T_LOOK ->
    running[who].on = value;
    if
    :: key == T_LAST -> running[who].looksLast = 1
    :: key == T_FIRST -> running[who].looksFirst = 1
    :: else -> running[who].looksFirst = 1; running[who].looksLast = 1
    fi;
    TOOK
  }
  :: atomic {
    step == T_LOOKED && command[who].state != COMMITTED ->
    running[who].looksFirst = 0;
    command[who].waited = 0; /* the service counts from the answer */
    TOOK
  }
  :: atomic { step == T_DEAD -> running[who].dead = key + 1; TOOK }
  :: atomic { step == T_SETTLED && command[who].state == READY -> TOOK }

  :: atomic { step == T_JOIN -> asking[who].joins = 1; asking[who].joinsAt = value; TOOK }
  :: atomic { step == T_JOINED && node[who].state == UP -> asking[who].joins = 0; TOOK }
  :: atomic { step == T_ANSWER_WILL_BE -> asking[who].newest = value; TOOK }
  :: atomic { step == T_LEAVE -> asking[who].leaves = 1; TOOK }
  :: atomic { step == T_LEFT && node[who].state == DOWN -> asking[who].leaves = 0; TOOK }

  /* By facts that are current, or by a fact without the change that touched it (key). */
  :: atomic { step == T_ALLOW && node[who].lease > 0 && key == UNKNOWN -> TOOK }
  :: atomic {
    step == T_ALLOW && node[who].lease > 0 && key != UNKNOWN && node[who].fact[key] == ALLOWS && !settled[key] -> TOOK
  }
  :: atomic { step == T_END -> assert(false) }
  od
}

init {
  byte i;
  atomic {
    c_code { readTrace(); };
    do
    :: i < NODES -> run Serve(i); i++
    :: else -> break
    od;
    i = 0;
    do
    :: i < COMMANDS -> run Revoke(i); i++
    :: else -> break
    od;
    i = 0;
    run Clock();
    run Trace();
    readLine()
  }
}
