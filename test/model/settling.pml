/*
 * The protocol of docs/adr/0004 (a change settles before it returns), for Spin.
 *
 * Three nodes decide about two keys, and each key is revoked by a command. Nodes are killed, stop and join, statements and
 * their answers are late or lost, commands die, clocks run at different speed. The search is over every order of these
 * steps. The property is the assertion in `Clock`: when a command that revokes a key has returned, no node that holds
 * a lease has a fact that allows the key.
 *
 * All nodes follow the same protocol. To keep the search small, each has steps of its own that are late:
 *   node 0  everything: its statements, their answers and its reads of facts take time
 *   node 1  has a slow clock; its renewals are one step, it reads all facts when it joins, and is never killed or stopped
 *   node 2  is dead from the beginning, and left its row
 * With GOES_BACK the database goes back in time once, to what it was after an earlier change.
 *
 * Without GOES_BACK key 0 is the one that is revoked first: the keys differ in nothing but their names.
 *
 * Time is counted in ticks. A lease is one tick of a node's own clock; on the slow clock it takes two. A settling command
 * waits for two: the lease and its margin.
 *
 * Each WITHOUT_... leaves one guard out, and must give a counterexample.
 *
 * replay.pml includes this file, and lets it take the steps that real nodes have told of. There it says which step may be
 * taken now (MAY), and which has been (TOOK); in a search each may be taken at any time.
 */
#ifndef REPLAY
#define MAY(step, i) true
#define TOOK skip
#define NUMBER byte
#define TIME byte
#define IS_LATE(i) ((i) == 0)
#define IS_AT_ONCE(i) ((i) == 1)
#define PASSES 1
#ifndef NODES
#define NODES 3
#endif
#define KEYS 2
#define COMMANDS 2
#define KEY(c) (c) /* the key that a command is about */
#define NEEDS_SETTLING(k) (!settled[k])
#define NEWEST(c) number /* the number that a command settles on which finds its change made */
#define CHANGES 2 /* the highest number of a change */
#ifdef GOES_BACK
#define COMMITS 3 /* in all: after the database went back a number is given twice */
#else
#define COMMITS 2
#endif

#ifndef WITHOUT_MARGIN
#define WAIT 2
#else
#define WAIT 1
#endif

#define LENGTH(i) ((i) == 1 -> 2 : 1)
#define LONGEST_AGE 1
#endif

/* The states of a node. */
#define DOWN 0
#define JOINING 1 /* has read the newest number; its row is not visible yet */
#define UP 2
#define STOPPING 3

/* The states of a renewal: asked, executed by the database, answered. */
#define IDLE 0
#define ASKED 1
#define ANSWERED 2
#define NO_ROW 3

/* A fact in memory. One that denies is as good as none: it allows nothing. */
#define ABSENT 0
#define ALLOWS 1

/* The states of a command. */
#define READY 0
#define BEGUN 1 /* has begun and not committed (only where a guard is left out: a commit is one step) */
#define COMMITTED 2
#define SETTLING 3

/* ---- the database ---- */
NUMBER number; /* the change counter */
NUMBER mark; /* drawn anew with each commit */
NUMBER commits;
NUMBER logMark[CHANGES + 1];
NUMBER logKey[CHANGES + 1];
bit revoked[KEYS];
byte doubt; /* ticks for which no command returns early, since the database went back */

typedef Row {
  bit present;
  NUMBER applied;
  NUMBER mark
};
Row row[NODES];

/* ---- the nodes ---- */
typedef Node {
  byte state;
  NUMBER applied;
  NUMBER mark;
  TIME lease; /* ticks that are left */
  bit fact[KEYS];
  byte renewal;
  TIME age; /* ticks since the clocks were read for the renewal */
  NUMBER newest; /* the answer */
  NUMBER newestMark;
  bit knownMark;
  NUMBER loading; /* a key and 1, which the snapshot allows; 0: nothing */
  NUMBER loadedAt /* the number of the snapshot */
};
Node node[NODES];
#ifdef WITHOUT_LAST_LOOK
byte held[NODES];
#endif

/* ---- the commands: in a search, one for each key ---- */
typedef Command {
  byte state;
  NUMBER number;
  TIME waited; /* ticks since the first look */
  bit still[NODES] /* the row was there and behind at the first look, and has not been renewed since */
};
Command command[COMMANDS];
bit settled[KEYS];

inline forget(i) {
  n = 0;
  do
  :: n < KEYS -> node[i].fact[n] = ABSENT; n++
  :: else -> break
  od;
  n = 0;
  node[i].loading = 0;
  node[i].loadedAt = 0
}

inline endRenewal(i) {
  node[i].renewal = IDLE;
  node[i].age = 0;
  node[i].newest = 0;
  node[i].newestMark = 0;
  node[i].knownMark = 0
}

/* The row is written: nobody takes this node for dead. */
inline isAlive(i) {
  n = 0;
  do
  :: n < COMMANDS -> command[n].still[i] = 0; n++
  :: else -> break
  od;
  n = 0
}

/*
 * Has every fact that there is from the beginning. Nothing waits for a fact, so a node that reads one later, or never,
 * does nothing that this one can't.
 */
inline readAll(i) {
  n = 0;
  do
  :: n < KEYS ->
    if
    :: !revoked[n] -> node[i].fact[n] = ALLOWS
    :: else -> skip
    fi;
    n++
  :: else -> break
  od;
  n = 0
}

inline clearRow(i) {
  row[i].present = 0;
  row[i].applied = 0;
  row[i].mark = 0
}

/* The node forgets everything. Whether its row goes with it depends on the step. */
inline goDown(i) {
  node[i].state = DOWN;
  node[i].lease = 0;
  node[i].applied = 0;
  node[i].mark = 0;
#ifndef WITHOUT_FORGETTING
  forget(i);
#endif
  endRenewal(i)
}

/* Has a row that it can't go on with: it decides nothing more, removes its row, and joins again. */
inline beginAnew(i) {
  node[i].state = STOPPING;
  node[i].lease = 0;
  node[i].applied = 0;
  node[i].mark = 0;
#ifndef WITHOUT_FORGETTING
  forget(i);
#endif
  endRenewal(i)
}

inline extend(i) {
#ifdef WITHOUT_READING_THE_CLOCK_FIRST
  node[i].lease = LENGTH(i)
#else
  if
  :: node[i].age < LENGTH(i) -> node[i].lease = LENGTH(i) - node[i].age
  :: else -> node[i].lease = 0
  fi
#endif
}

/* Takes out what the changes up to the newest one have touched. */
inline apply(i) {
  n = node[i].applied + 1;
  do
  :: n <= node[i].newest ->
    if
    :: logMark[n] != 0 -> node[i].fact[logKey[n]] = ABSENT
    :: else -> skip
    fi;
    n++
  :: else -> break
  od;
  n = 0;
  node[i].applied = node[i].newest;
  node[i].mark = node[i].newestMark
}

#ifdef WITHOUT_THE_LOCK
#define LOG_IS_COMPLETE(i) (1)
#else
#define LOG_IS_COMPLETE(i) (number >= node[i].newest)
#endif

#ifdef WITHOUT_MARKS
#define KNOWS_MARK(i) (1)
#else
#define KNOWS_MARK(i) \
  (node[i].applied == number -> node[i].mark == mark : \
    (node[i].applied == 0 || (node[i].applied < number && logMark[node[i].applied] == node[i].mark)))
#endif

inline takeAnswer(i) {
  if
  :: node[i].newest < node[i].applied || !node[i].knownMark -> beginAnew(i)
  :: else ->
    if
    :: node[i].newest == node[i].applied -> extend(i); endRenewal(i)
    :: node[i].newest > node[i].applied && LOG_IS_COMPLETE(i) -> apply(i); extend(i); endRenewal(i)
    :: else -> beginAnew(i)
    fi
  fi
}

#ifdef REPLAY
#define MISSES(i, k) true
#else
#define MISSES(i, k) (node[i].fact[k] == ABSENT && !revoked[k])
#endif

proctype Serve(byte i) {
  NUMBER n;
  NUMBER k;
  do
  /* Joins: reads the newest number, and writes its row; both are visible when its transaction commits. */
  :: atomic {
    node[i].state == DOWN && !row[i].present && MAY(JOINS, i) ->
    node[i].state = JOINING;
    node[i].applied = number;
    node[i].mark = mark
  }
  :: atomic {
    node[i].state == JOINING && MAY(ENTERS, i) ->
    row[i].present = 1;
    row[i].applied = node[i].applied;
    row[i].mark = node[i].mark;
    isAlive(i);
    if
    :: IS_AT_ONCE(i) -> readAll(i)
    :: else -> skip
    fi;
    node[i].state = UP
  }

  /* Renews its lease. */
  :: atomic {
    IS_LATE(i) && node[i].state == UP && node[i].renewal == IDLE && MAY(ASKS, i) -> node[i].renewal = ASKED; TOOK
  }
  :: atomic {
    (node[i].renewal == ASKED || (IS_AT_ONCE(i) && node[i].state == UP)) && MAY(RENEWS, i) ->
    if
    :: row[i].present ->
      row[i].applied = node[i].applied;
      row[i].mark = node[i].mark;
      isAlive(i);
      node[i].newest = number;
      node[i].newestMark = mark;
      node[i].knownMark = KNOWS_MARK(i);
      node[i].renewal = ANSWERED;
      if
      :: IS_AT_ONCE(i) -> takeAnswer(i)
      :: else -> skip
      fi
    :: else ->
      if
      :: IS_AT_ONCE(i) -> goDown(i)
      :: else -> node[i].renewal = NO_ROW
      fi
    fi
  }
  :: atomic { node[i].renewal != IDLE && MAY(LOSES, i) -> endRenewal(i); TOOK } /* the statement or its answer */
  :: atomic { node[i].renewal == ANSWERED && MAY(TAKES_ANSWER, i) -> takeAnswer(i); TOOK }
  :: atomic { node[i].renewal == NO_ROW && MAY(TAKES_NO_ROW, i) -> goDown(i); TOOK }

  /* Reads a fact that it has not, and keeps it. */
  :: atomic {
    IS_LATE(i) && node[i].state == UP && node[i].loading == 0 && MAY(READS, i) && (MISSES(i, 0) || MISSES(i, 1)) ->
#ifdef REPLAY
    k = READ_KEY;
    node[i].loadedAt = READ_AT;
#else
    if
    :: MISSES(i, 0) -> k = 0
    :: MISSES(i, 1) -> k = 1
    fi;
    node[i].loadedAt = number;
#endif
    node[i].loading = k + 1;
    k = 0
  }
  :: atomic {
    node[i].loading != 0 ->
    if
#ifndef WITHOUT_SNAPSHOT_NUMBERS
    :: node[i].loadedAt < node[i].applied -> skip
    :: node[i].loadedAt >= node[i].applied ->
#else
    :: true ->
#endif
      node[i].fact[node[i].loading - 1] = ALLOWS
    fi;
    node[i].loading = 0;
    node[i].loadedAt = 0;
    TOOK
  }

  /* Stops in order: its lease ends before its row goes. */
  :: atomic {
    IS_LATE(i) && node[i].state == UP && node[i].renewal == IDLE && MAY(STOPS, i) ->
    node[i].state = STOPPING;
    TOOK;
#ifdef WITHOUT_STOPPING_IN_ORDER
    clearRow(i)
#else
    node[i].lease = 0;
    forget(i)
#endif
  }
  :: atomic {
    node[i].state == STOPPING && MAY(LEAVES, i) ->
    clearRow(i);
    goDown(i)
  }

  /* Is killed; its row stays. */
  :: atomic { IS_LATE(i) && node[i].state != DOWN && MAY(IS_KILLED, i) -> goDown(i); TOOK }

  /* Decides. */
#ifdef WITHOUT_LAST_LOOK
  :: atomic {
    node[i].lease > 0 && held[i] == 0 ->
    if
    :: node[i].fact[0] == ALLOWS -> held[i] = 1
    :: node[i].fact[1] == ALLOWS -> held[i] = 2
    fi
  }
  :: atomic {
    held[i] != 0 ->
    assert(!settled[held[i] - 1]);
    held[i] = 0
  }
#endif
  od
}

/* Whether this decision would be wrong: the node has a lease, its fact allows, and the command has returned. */
#define WRONG(i, k) (node[i].lease > 0 && node[i].fact[k] == ALLOWS && settled[k])

#define IS_BEHIND(c, i) (row[i].present && row[i].applied < command[c].number)

/* The node h, which runs the command, knows of itself what it has applied: its row may not say so yet. */
#define IS_BEHIND_FOR(c, i, h) \
  (IS_BEHIND(c, i) && !((i) == (h) && node[i].state == UP && node[i].applied >= command[c].number))

/* Rows of nodes whose leases have ended since the first look. */
#ifdef WITHOUT_COMPARING_RENEWALS
#define IS_DEAD(c, i) IS_BEHIND(c, i)
#else
#define IS_DEAD(c, i) (IS_BEHIND(c, i) && command[c].still[i])
#endif

/* In a search any node may be the one that runs the command, at each look another one. */
#ifndef REPLAY
#if NODES == 3
#define SOMEBODY_IS_BEHIND_FOR(c, h) (IS_BEHIND_FOR(c, 0, h) || IS_BEHIND_FOR(c, 1, h) || IS_BEHIND(c, 2))
#define SOMEBODY_IS_BEHIND(c) (SOMEBODY_IS_BEHIND_FOR(c, 0) && SOMEBODY_IS_BEHIND_FOR(c, 1))
#define SOMEBODY_IS_DEAD(c) (IS_DEAD(c, 0) || IS_DEAD(c, 1) || IS_DEAD(c, 2))
#elif NODES == 2
#define SOMEBODY_IS_BEHIND_FOR(c, h) (IS_BEHIND_FOR(c, 0, h) || IS_BEHIND_FOR(c, 1, h))
#define SOMEBODY_IS_BEHIND(c) (SOMEBODY_IS_BEHIND_FOR(c, 0) && SOMEBODY_IS_BEHIND_FOR(c, 1))
#define SOMEBODY_IS_DEAD(c) (IS_DEAD(c, 0) || IS_DEAD(c, 1))
#else
#define SOMEBODY_IS_BEHIND(c) IS_BEHIND_FOR(c, 0, 0)
#define SOMEBODY_IS_DEAD(c) IS_DEAD(c, 0)
#endif

inline chooseDead(c) {
  if
  :: IS_DEAD(c, 0) -> i = 0
#if NODES > 1
  :: IS_DEAD(c, 1) -> i = 1
#endif
#if NODES > 2
  :: IS_DEAD(c, 2) -> i = 2
#endif
  fi
}
#endif

#ifdef WITHOUT_DOUBT
#define MAY_RETURN_EARLY (1)
#else
#define MAY_RETURN_EARLY (doubt == 0)
#endif

#ifdef WITHOUT_THE_LOCK
byte taken; /* numbers that commands have, committed or not */
#define NUMBER_TAKEN taken
#else
#define NUMBER_TAKEN number
#endif

#if defined(REPLAY) || defined(GOES_BACK) || defined(WITHOUT_THE_LOCK)
#define MAY_COMMIT(k) true
#else
#define MAY_COMMIT(k) ((k) == 0 || revoked[0])
#endif

/* From which state on the wait is counted. */
#if defined(WITHOUT_WAITING_FOR_THE_CONFIRMATION)
#define WAITS_FROM BEGUN
#elif defined(WITHOUT_A_WHOLE_WAIT)
#define WAITS_FROM COMMITTED
#else
#define WAITS_FROM SETTLING
#endif

inline takeNumber(k) {
  number++;
  commits++;
  mark = commits;
  logMark[number] = mark;
  logKey[number] = k;
  revoked[k] = 1
}

inline endCommand(c) {
  command[c].state = READY;
  command[c].number = 0;
  command[c].waited = 0;
  i = 0;
  do
  :: i < NODES -> command[c].still[i] = 0; i++
  :: else -> break
  od;
  i = 0
}

proctype Revoke(byte c) {
  byte i;
  do
  :: atomic {
    command[c].state == READY && MAY(CHANGES_IT, c) &&
      !revoked[KEY(c)] && NUMBER_TAKEN < CHANGES && commits < COMMITS && MAY_COMMIT(KEY(c)) ->
#ifdef WITHOUT_WAITING_FOR_THE_CONFIRMATION
    command[c].state = BEGUN
  }
  :: atomic {
    command[c].state == BEGUN && number < CHANGES && MAY_COMMIT(KEY(c)) ->
    takeNumber(KEY(c));
    command[c].number = number;
    command[c].state = COMMITTED
#elif defined(WITHOUT_THE_LOCK)
    taken++;
    command[c].number = taken;
    command[c].state = BEGUN
  }
  :: atomic {
    command[c].state == BEGUN ->
    logMark[command[c].number] = command[c].number;
    logKey[command[c].number] = KEY(c);
    revoked[KEY(c)] = 1;
    if
    :: command[c].number > number -> number = command[c].number; mark = number
    :: else -> skip
    fi;
    command[c].state = COMMITTED
#else
    takeNumber(KEY(c));
    command[c].number = number;
    command[c].state = COMMITTED
#endif
  }
  /* The key is revoked already: the command settles on the newest number that it saw. */
  :: atomic {
    command[c].state == READY && revoked[KEY(c)] && NEEDS_SETTLING(KEY(c)) && MAY(COMES_AGAIN, c) ->
#ifdef WITHOUT_SETTLING_WHAT_WAS_SO
    settled[KEY(c)] = 1
#else
    command[c].number = NEWEST(c);
    command[c].state = COMMITTED;
    TOOK
#endif
  }
  /* The commit is confirmed, and the command looks at the table for the first time: time counts from here. */
  :: atomic {
    command[c].state == COMMITTED && MAY(LOOKS_FIRST, c) ->
    i = 0;
    do
    :: i < NODES -> command[c].still[i] = IS_BEHIND(c, i); i++
    :: else -> break
    od;
    i = 0;
    command[c].state = SETTLING
  }
  /* Looks and finds that all have applied it. */
  :: atomic {
    command[c].state == SETTLING && MAY(RETURNS_EARLY, c) && MAY_RETURN_EARLY && !SOMEBODY_IS_BEHIND(c) ->
    settled[KEY(c)] = revoked[KEY(c)];
    endCommand(c)
  }
  /* Has waited for the leases of the others to end: removes their rows, and returns. */
  :: atomic {
    command[c].state == SETTLING && MAY(REMOVES, c) && command[c].waited >= WAIT && SOMEBODY_IS_DEAD(c) ->
    chooseDead(c);
    clearRow(i);
    command[c].still[i] = 0;
    i = 0
  }
  :: atomic {
    command[c].state == SETTLING && MAY(RETURNS_LATE, c) && command[c].waited >= WAIT ->
    settled[KEY(c)] = revoked[KEY(c)];
    endCommand(c);
    TOOK
  }
  /* The command dies before it returns. */
  :: atomic { command[c].state > BEGUN && MAY(DIES, c) -> endCommand(c); TOOK }
  od
}

#ifndef REPLAY
#define WRONG_AT(i) (WRONG(i, 0) || WRONG(i, 1))
#if NODES == 3
#define SOMEBODY_IS_WRONG (WRONG_AT(0) || WRONG_AT(1) || WRONG_AT(2))
#elif NODES == 2
#define SOMEBODY_IS_WRONG (WRONG_AT(0) || WRONG_AT(1))
#else
#define SOMEBODY_IS_WRONG WRONG_AT(0)
#endif
#endif

/* Time goes on for everybody at once. */
proctype Clock() {
  byte i;
  do
  :: atomic {
    MAY(PASSES_ON, 0) ->
    i = 0;
    do
    :: i < NODES ->
      if
      :: node[i].lease > PASSES -> node[i].lease = node[i].lease - PASSES
      :: else -> node[i].lease = 0
      fi;
      if
      :: !IS_LATE(i) || node[i].renewal == IDLE -> skip
      :: else -> node[i].age = (node[i].age + PASSES < LONGEST_AGE -> node[i].age + PASSES : LONGEST_AGE)
      fi;
      i++
    :: else -> break
    od;
    i = 0;
    do
    :: i < COMMANDS ->
      if
      :: command[i].state < WAITS_FROM -> skip
      :: else -> command[i].waited = (command[i].waited + PASSES < WAIT -> command[i].waited + PASSES : WAIT)
      fi;
      i++
    :: else -> break
    od;
    i = 0;
    if
    :: doubt > 0 -> doubt--
    :: else -> skip
    fi;
    TOOK
  }
#if !defined(REPLAY) && !defined(WITHOUT_LAST_LOOK)
  :: atomic { SOMEBODY_IS_WRONG -> assert(false) }
#endif
  od
}

#ifndef REPLAY
/* The database goes back to what it was after an earlier change, with the rows of that time. */
proctype GoBack() {
  byte n;
  byte i;
  atomic {
    number > 0 ->
    if
    :: n = 0
    :: number > 1 -> n = 1
    fi;
    do
    :: number > n ->
      revoked[logKey[number]] = 0;
      settled[logKey[number]] = 0;
      logMark[number] = 0;
      logKey[number] = 0;
      number--
    :: else -> break
    od;
    mark = logMark[number];
    do
    :: i < NODES ->
      if
      :: row[i].present && row[i].applied > number -> row[i].applied = number; row[i].mark = mark
      :: row[i].present -> clearRow(i)
      :: else -> skip
      fi;
      i++
    :: else -> break
    od;
    doubt = WAIT
  }
}

init {
  atomic {
    run Serve(0);
#if NODES > 1
    run Serve(1);
#endif
#if NODES > 2
    row[2].present = 1;
#endif
    run Revoke(0);
    run Revoke(1);
#ifdef GOES_BACK
    run GoBack();
#endif
    run Clock()
  }
}
#endif
