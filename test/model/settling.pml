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
 *   node 1  has a slow clock; its renewals and reads are one step
 *   node 2  is dead from the beginning, and left its row
 * With GOES_BACK the database goes back in time once, to what it was after an earlier change.
 *
 * Time is counted in ticks. A lease is one tick of a node's own clock; on the slow clock it takes two. A settling command
 * waits for two: the lease and its margin.
 *
 * Each WITHOUT_... leaves one guard out, and must give a counterexample.
 */
#ifndef NODES
#define NODES 3
#endif
#define KEYS 2
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
byte number; /* the change counter */
byte mark; /* drawn anew with each commit */
byte commits;
byte logMark[CHANGES + 1];
byte logKey[CHANGES + 1];
bit revoked[KEYS];
byte doubt; /* ticks for which no command returns early, since the database went back */

typedef Row {
  bit present;
  byte applied;
  byte mark
};
Row row[NODES];

/* ---- the nodes ---- */
typedef Node {
  byte state;
  byte applied;
  byte mark;
  byte lease; /* ticks that are left */
  bit fact[KEYS];
  byte renewal;
  byte age; /* ticks since the clocks were read for the renewal */
  byte newest; /* the answer */
  byte newestMark;
  bit knownMark;
  byte loading; /* a key and 1, which the snapshot allows; 0: nothing */
  byte loadedAt /* the number of the snapshot */
};
Node node[NODES];
#ifdef WITHOUT_LAST_LOOK
byte held[NODES];
#endif

/* ---- the commands, one for each key ---- */
typedef Command {
  byte state;
  byte number;
  byte mark;
  byte waited;
#ifdef WITHOUT_A_WHOLE_WAIT
  bit hasLooked;
#endif
  bit still[NODES] /* the row was there at the first look and has not been renewed since */
};
Command command[KEYS];
bit settled[KEYS];

inline forget(i) {
  node[i].fact[0] = ABSENT;
  node[i].fact[1] = ABSENT;
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
  :: node[i].newest < node[i].applied || !node[i].knownMark -> clearRow(i); goDown(i)
  :: else ->
    if
    :: node[i].newest == node[i].applied -> extend(i); endRenewal(i)
    :: node[i].newest > node[i].applied && LOG_IS_COMPLETE(i) -> apply(i); extend(i); endRenewal(i)
    :: else -> clearRow(i); goDown(i)
    fi
  fi
}

proctype Serve(byte i) {
  byte n;
  byte k;
  do
  /* Joins: reads the newest number, and writes its row; both are visible when its transaction commits. */
  :: atomic {
    node[i].state == DOWN && !row[i].present ->
    node[i].state = JOINING;
    node[i].applied = number;
    node[i].mark = mark
  }
  :: atomic {
    node[i].state == JOINING ->
    row[i].present = 1;
    row[i].applied = node[i].applied;
    row[i].mark = node[i].mark;
    command[0].still[i] = 0;
    command[1].still[i] = 0;
    node[i].state = UP
  }

  /* Renews its lease. */
  :: atomic { i == 0 && node[i].state == UP && node[i].renewal == IDLE -> node[i].renewal = ASKED }
  :: atomic {
    node[i].renewal == ASKED || (i == 1 && node[i].state == UP) ->
    if
    :: row[i].present ->
      row[i].applied = node[i].applied;
      row[i].mark = node[i].mark;
      command[0].still[i] = 0;
      command[1].still[i] = 0;
      node[i].newest = number;
      node[i].newestMark = mark;
      node[i].knownMark = KNOWS_MARK(i);
      node[i].renewal = ANSWERED;
      if
      :: i == 1 -> takeAnswer(i)
      :: else -> skip
      fi
    :: else ->
      if
      :: i == 1 -> goDown(i)
      :: else -> node[i].renewal = NO_ROW
      fi
    fi
  }
  :: atomic { node[i].renewal != IDLE -> endRenewal(i) } /* the statement or its answer is lost */
  :: atomic { node[i].renewal == ANSWERED -> takeAnswer(i) }
  :: atomic { node[i].renewal == NO_ROW -> goDown(i) }

  /* Reads a fact that it has not, and keeps it. */
  :: atomic {
    node[i].state == UP && node[i].loading == 0 ->
    if
    :: node[i].fact[0] == ABSENT && !revoked[0] -> k = 0
    :: node[i].fact[1] == ABSENT && !revoked[1] -> k = 1
    fi;
    if
    :: i == 0 ->
      node[i].loading = k + 1;
      node[i].loadedAt = number
    :: i == 1 && number >= node[i].applied -> node[i].fact[k] = ALLOWS
    fi;
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
    node[i].loadedAt = 0
  }

  /* Stops in order: its lease ends before its row goes. */
  :: atomic {
    i == 0 && node[i].state == UP && node[i].renewal == IDLE ->
    node[i].state = STOPPING;
#ifdef WITHOUT_STOPPING_IN_ORDER
    clearRow(i)
#else
    node[i].lease = 0;
    forget(i)
#endif
  }
  :: atomic {
    node[i].state == STOPPING ->
    clearRow(i);
    goDown(i)
  }

  /* Is killed; its row stays. */
  :: atomic { i == 0 && node[i].state != DOWN -> goDown(i) }

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

#define IS_BEHIND(k, i) (row[i].present && row[i].applied < command[k].number)

#if NODES == 3
#define SOMEBODY_IS_BEHIND(k) (IS_BEHIND(k, 0) || IS_BEHIND(k, 1) || IS_BEHIND(k, 2))
#elif NODES == 2
#define SOMEBODY_IS_BEHIND(k) (IS_BEHIND(k, 0) || IS_BEHIND(k, 1))
#else
#define SOMEBODY_IS_BEHIND(k) IS_BEHIND(k, 0)
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

inline takeNumber(k) {
  number++;
  commits++;
  mark = commits;
  logMark[number] = mark;
  logKey[number] = k;
  revoked[k] = 1
}

inline beginSettling(k) {
  command[k].waited = 0;
#ifdef WITHOUT_A_WHOLE_WAIT
  command[k].hasLooked = 0;
#endif
  i = 0;
  do
  :: i < NODES -> command[k].still[i] = 0; i++
  :: else -> break
  od;
  i = 0
}

inline endCommand(k) {
  command[k].state = READY;
  command[k].number = 0;
  command[k].mark = 0;
  beginSettling(k)
}

inline removeDead(k) {
  i = 0;
  do
  :: i < NODES ->
    if
#ifdef WITHOUT_COMPARING_RENEWALS
    :: IS_BEHIND(k, i) -> clearRow(i)
#else
    :: IS_BEHIND(k, i) && command[k].still[i] -> clearRow(i)
#endif
    :: else -> skip
    fi;
    i++
  :: else -> break
  od;
  i = 0
}

proctype Revoke(byte k) {
  byte i;
  do
  :: atomic {
    command[k].state == READY && !revoked[k] && NUMBER_TAKEN < CHANGES && commits < COMMITS ->
#ifdef WITHOUT_WAITING_FOR_THE_CONFIRMATION
    command[k].state = BEGUN
  }
  :: atomic {
    command[k].state == BEGUN && number < CHANGES ->
    takeNumber(k);
    command[k].number = number;
    command[k].state = COMMITTED
#elif defined(WITHOUT_THE_LOCK)
    taken++;
    command[k].number = taken;
    command[k].state = BEGUN
  }
  :: atomic {
    command[k].state == BEGUN ->
    logMark[command[k].number] = command[k].number;
    logKey[command[k].number] = k;
    revoked[k] = 1;
    if
    :: command[k].number > number -> number = command[k].number; mark = number
    :: else -> skip
    fi;
    command[k].state = COMMITTED
#else
    takeNumber(k);
    command[k].number = number;
    command[k].state = COMMITTED
#endif
  }
  /* The key is revoked already: the command settles on the newest number that it saw. */
  :: atomic {
    command[k].state == READY && revoked[k] && !settled[k] ->
#ifdef WITHOUT_SETTLING_WHAT_WAS_SO
    settled[k] = 1
#else
    command[k].number = number;
    command[k].state = COMMITTED
#endif
  }
  /* The commit is confirmed: time counts from here. */
  :: atomic {
    command[k].state == COMMITTED ->
#ifndef WITHOUT_WAITING_FOR_THE_CONFIRMATION
    command[k].waited = 0;
#endif
    command[k].state = SETTLING
  }
  :: atomic {
    command[k].state == SETTLING ->
    if
#ifdef WITHOUT_A_WHOLE_WAIT
    :: !command[k].hasLooked ->
      command[k].hasLooked = 1;
#else
    :: command[k].waited == 0 ->
#endif
      i = 0;
      do
      :: i < NODES -> command[k].still[i] = row[i].present; i++
      :: else -> break
      od;
      i = 0
    :: else -> skip
    fi;
    if
    :: MAY_RETURN_EARLY && !SOMEBODY_IS_BEHIND(k) ->
      settled[k] = revoked[k];
      endCommand(k)
    :: else ->
      if
      :: command[k].waited >= WAIT ->
        removeDead(k);
        settled[k] = revoked[k];
        endCommand(k)
      :: else -> skip
      fi
    fi
  }
  /* The command dies before it returns. */
  :: atomic { command[k].state > BEGUN -> endCommand(k) }
  od
}

#define WRONG_AT(i) (WRONG(i, 0) || WRONG(i, 1))
#if NODES == 3
#define SOMEBODY_IS_WRONG (WRONG_AT(0) || WRONG_AT(1) || WRONG_AT(2))
#elif NODES == 2
#define SOMEBODY_IS_WRONG (WRONG_AT(0) || WRONG_AT(1))
#else
#define SOMEBODY_IS_WRONG WRONG_AT(0)
#endif

/* Time goes on for everybody at once. */
proctype Clock() {
  byte i;
  do
  :: atomic {
    i = 0;
    do
    :: i < NODES ->
      if
      :: node[i].lease > 0 -> node[i].lease--
      :: else -> skip
      fi;
      if
      :: i == 0 && node[i].renewal != IDLE && node[i].age < 1 -> node[i].age++
      :: else -> skip
      fi;
      i++
    :: else -> break
    od;
    i = 0;
    do
    :: i < KEYS ->
      if
      :: command[i].state >= BEGUN && command[i].waited < WAIT -> command[i].waited++
      :: else -> skip
      fi;
      i++
    :: else -> break
    od;
    i = 0;
    if
    :: doubt > 0 -> doubt--
    :: else -> skip
    fi
  }
#ifndef WITHOUT_LAST_LOOK
  :: atomic { SOMEBODY_IS_WRONG -> assert(false) }
#endif
  od
}

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

