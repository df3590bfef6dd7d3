import { Injectable } from '@nestjs/common';

/** Stands for what a real API has behind it. */
@Injectable()
export class MailDomains {
  private readonly domains = new Map<string, Set<string>>([['alice', new Set(['alice.example'])]]);

  list(user: string): string[] {
    return [...(this.domains.get(user) ?? [])];
  }

  add(user: string, domain: string): void {
    this.domains.set(user, new Set([...this.list(user), domain]));
  }

  delete(user: string, domain: string): void {
    this.domains.get(user)?.delete(domain);
  }
}
