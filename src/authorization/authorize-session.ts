import type { Actor } from '../audit/audit-event.js';
import type { AuditLog } from '../audit/audit-log.js';
import type { Catalogue } from '../catalogue/catalogue.js';
import { maskArguments, type CommandSpec } from '../catalogue/command-spec.js';
import type { ClientAddress } from '../network/client-address.js';
import type { Session } from '../sessions/session.js';
import type { Sessions } from '../sessions/sessions.js';
import type { Transaction } from '../storage/database.js';
import { maskUnknownName } from '../text/names.js';
import type { User } from '../users/user.js';
import type { Users } from '../users/users.js';
import { deny, type AccessRequest, type Deny } from './access-request.js';
import { firstDenial } from './decide.js';
import { commandSteps, type CommandQuestion } from './decision-steps.js';
import { denyForError, onceRecorded } from './failed-decision.js';
import type { DecisionFacts } from './facts/decision-facts.js';
import type { Facts, Switches } from './facts/facts.js';
import { findSessionOperation, grantOfSession } from './session-commands.js';
import { refuseSessionsFrom, type SessionPolicy } from './session-admission.js';

/** May this session run this command? */
export interface SessionRequest {
  client: ClientAddress;
  /** The value of the cookie. */
  secret: string;
  /** Whether a page of another origin may have sent it: it has no sign that it comes from one of ours. */
  isForgeable: boolean;
  command: string;
  /** What a user runs in place of the command, who isn't the root user; undefined: the command itself. */
  ofUsers?: string | undefined;
  /** By place. No arguments at all: they are compared later. */
  args?: readonly string[];
  /** Asked by a page that is only open: nobody has to be there, so it does not keep the session from ending. */
  isUnattended?: true;
}

export interface SessionAllow {
  outcome: 'allow';
  decidedAtMs: number;
  session: Session;
  isRootUser: boolean;
  command: CommandSpec;
}

export type SessionDecision = SessionAllow | (Deny & { session?: Session });

export interface SessionAuthorizerParts {
  facts: Facts;
  sessions: Sessions;
  users: Users;
  audit: AuditLog;
  catalogue: Pick<Catalogue, 'find'>;
  policy: SessionPolicy;
  rootUser: string;
  onError: (error: unknown) => void;
  /** Told of each decision as it is answered. */
  onDecided?: (decision: SessionDecision, ms: number) => void;
}

interface ReadSession {
  session: Session | undefined;
  user: User | undefined;
}

/** Decides about people who have logged in. Like `Authorizer`, it records before it answers and never throws. */
export class SessionAuthorizer {
  constructor(private readonly parts: SessionAuthorizerParts) {}

  async authorize(request: SessionRequest): Promise<SessionDecision> {
    const askedAtMs = performance.now();
    return this.answer(request, await this.decideSafely(request), askedAtMs);
  }

  /** As `Authorizer.precheck`: an allowance is not recorded, for nothing runs by it. */
  async precheck(request: SessionRequest): Promise<SessionDecision> {
    const askedAtMs = performance.now();
    const decision = await this.decideSafely(request);
    return decision.outcome === 'deny' ? this.answer(request, decision, askedAtMs) : decision;
  }

  private async answer(
    request: SessionRequest,
    decision: SessionDecision,
    askedAtMs: number,
  ): Promise<SessionDecision> {
    const answer = await onceRecorded(decision, (made) => this.record(request, made));
    this.parts.onDecided?.(answer, performance.now() - askedAtMs);
    return answer;
  }

  private async decideSafely(request: SessionRequest): Promise<SessionDecision> {
    try {
      return await this.decide(request);
    } catch (error) {
      return denyForError(error, this.parts.onError);
    }
  }

  private async decide(request: SessionRequest): Promise<SessionDecision> {
    const { facts, policy, sessions } = this.parts;
    const refusal = refuseSessionsFrom(policy, request.client);
    if (refusal !== undefined) return deny(refusal);
    if (!sessions.isSecret(request.secret)) return deny('session_ended');
    for (;;) {
      const read = await facts.readWithSwitches((trx) => this.read(request.secret, trx));
      if (!facts.isCurrent(read)) continue;
      // From here to the decision nothing waits: this is the last look.
      const decidedAtMs = facts.checkLease();
      if (decidedAtMs !== undefined) return this.applyRules(request, read.switches, read.result, decidedAtMs);
      await facts.renewLease();
    }
  }

  private async read(secret: string, trx: Transaction): Promise<ReadSession> {
    const session = await this.parts.sessions.findBySecret(secret, trx);
    return { session, user: session && (await this.parts.users.find(session.user, trx)) };
  }

  private applyRules(
    request: SessionRequest,
    switches: Switches,
    { session, user }: ReadSession,
    decidedAtMs: number,
  ): SessionDecision {
    const { sessions, rootUser } = this.parts;
    if (session === undefined || user === undefined || !sessions.isAlive(session, user, decidedAtMs))
      return deny('session_ended');
    const denied = (reason: Deny['reason']): SessionDecision => ({
      ...deny(reason, user.name),
      session,
      decidedAtMs,
    });
    if (request.isForgeable) return denied('cross_site_request');
    if (user.isLoginDisabled) return denied('login_disabled');
    const isRootUser = user.name === rootUser;
    const command = this.findCommand(request, isRootUser);
    if (command === undefined) return denied('command_unknown');
    const facts = { ...switches, owner: user, rootUser, nowMs: decidedAtMs };
    const reason = refuseCommand(request, facts, user.name, command);
    if (reason !== undefined) return denied(reason);
    if (request.isUnattended !== true) sessions.noteUse(session, decidedAtMs);
    return { outcome: 'allow', decidedAtMs, session, isRootUser, command };
  }

  private findCommand(
    { command, ofUsers = command }: SessionRequest,
    isRootUser: boolean,
  ): CommandSpec | undefined {
    const name = isRootUser ? command : ofUsers;
    return findSessionOperation(name) ?? this.parts.catalogue.find(name);
  }

  private async record(request: SessionRequest, decision: SessionDecision): Promise<void> {
    const { audit, rootUser } = this.parts;
    const { client, command, args } = request;
    const { session } = decision;
    const spec = this.findCommand(request, session === undefined || session.user === rootUser);
    const event = {
      type: 'decision' as const,
      outcome: decision.outcome,
      actor: session === undefined ? ({ kind: 'session' } as const) : actorOfSession(session),
      clientAddress: client.text,
      command: spec?.name ?? maskUnknownName(command),
      ...(decision.decidedAtMs !== undefined && { time: new Date(decision.decidedAtMs).toISOString() }),
      ...(decision.outcome === 'deny' && { reason: decision.reason, code: decision.code }),
      ...(session !== undefined && args !== undefined && { args: maskArguments(spec, args) }),
    };
    await (session === undefined ? audit.appendFailure(event) : audit.append(event));
  }
}

export function actorOfSession({ user, id: sessionId, method }: Session): Actor {
  return { kind: 'session', user, sessionId, method };
}

/** The rules for access keys, asked about a person: what the APIs of a key say is a fixed list here. */
function refuseCommand(
  { client, command: name, args }: SessionRequest,
  { settings, ...facts }: Switches & Pick<DecisionFacts, 'owner' | 'rootUser' | 'nowMs'>,
  user: string,
  command: CommandSpec,
): Deny['reason'] | undefined {
  const isRootUser = user === facts.rootUser;
  const question: CommandQuestion = {
    key: { id: '', user, permissions: [], isSuspended: false },
    isRootUser,
    // What a person may do is a fixed list.
    isAdministrator: false,
    namesOthers: false,
    command,
    permissions: isRootUser ? 'everything' : [],
    grant: grantOfSession(command.name, isRootUser),
    isHeld: false,
  };
  const access: AccessRequest = {
    ...{ mode: 'enforce', client, accessKeyId: '', secretAccessKey: '', command: name },
    ...(args !== undefined && { args }),
  };
  const asked: DecisionFacts = {
    ...facts,
    // The switch is for programs.
    settings: { ...settings, apiSystem: 'all_users' },
    key: question.key,
    findApi: () => undefined,
    findCommand: () => command,
  };
  return firstDenial(commandSteps, access, asked, question);
}
