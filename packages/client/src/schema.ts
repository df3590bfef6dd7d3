// Made by npm run openapi from docs/openapi.json.
export interface paths {
    "/v1/access-keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List access keys, in pages
         * @description Needs the permission of `v-list-access-keys`.
         */
        get: operations["listAccessKeys"];
        put?: never;
        /**
         * Make an access key
         * @description The answer is the only one that has its secret. Needs the permission of `v-add-access-key`.
         */
        post: operations["createAccessKey"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/access-keys/{accessKeyId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read an access key
         * @description Needs the permission of `v-list-access-key`.
         */
        get: operations["readAccessKey"];
        put?: never;
        post?: never;
        /**
         * Delete an access key, and the keys that it made
         * @description Needs the permission of `v-delete-access-key`.
         */
        delete: operations["deleteAccessKey"];
        options?: never;
        head?: never;
        /**
         * Change permissions, comment or limits
         * @description A merge patch (RFC 7396). Needs the permission of `v-change-access-key`.
         */
        patch: operations["changeAccessKey"];
        trace?: never;
    };
    "/v1/access-keys/{accessKeyId}/check": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * May the key run a command? Switches and API_ALLOWED_IP do not count
         * @description Needs the permission of `v-check-access-key`.
         */
        post: operations["checkAccessKey"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/access-keys/{accessKeyId}/derive": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Derive a key that can do no more, and ends with this one
         * @description An access key derives from itself alone: the ID is its own. The answer is the only one that has the secret. Needs the permission of `v-derive-access-key`.
         */
        post: operations["deriveAccessKey"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/access-keys/{accessKeyId}/rotate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Replace the secret
         * @description The answer is the only one that has the new secret. Needs the permission of `v-rotate-access-key`.
         */
        post: operations["rotateAccessKey"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/access-keys/{accessKeyId}/suggestion": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Suggest the smallest role of a key
         * @description The smallest role that would have allowed all that was allowed and still is, from the record of the node that answers. Needs the permission of `v-suggest-api`.
         */
        get: operations["suggestForKey"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/access-keys/{accessKeyId}/suspend": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Suspend an access key: it is refused until it is unsuspended
         * @description Needs the permission of `v-suspend-access-key`.
         */
        post: operations["suspendAccessKey"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/access-keys/{accessKeyId}/trial": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read what is tried of a key, and what it would have denied
         * @description From the record of the node that answers. Needs the permission of `v-list-trials`.
         */
        get: operations["readTrial"];
        /**
         * Try other permissions or limits of a key
         * @description Decisions stay as they are; what the trial would have denied is recorded. It takes the place of one that there is. Needs the permission of `v-change-access-key`.
         */
        put: operations["beginTrial"];
        post?: never;
        /**
         * End the trial of a key
         * @description Needs the permission of `v-change-access-key`.
         */
        delete: operations["endTrial"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/access-keys/{accessKeyId}/trial/enforce": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Make real what is tried of a key, and end the trial
         * @description Needs the permission of `v-change-access-key`.
         */
        post: operations["enforceTrial"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/access-keys/{accessKeyId}/unsuspend": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Unsuspend an access key
         * @description Needs the permission of `v-unsuspend-access-key`.
         */
        post: operations["unsuspendAccessKey"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/access-keys/{accessKeyId}/usage": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read how often a key was used, by day, command and outcome
         * @description From the record of the node that answers. A quota counts over all nodes. Needs the permission of `v-list-access-key-usage`.
         */
        get: operations["readKeyUsage"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/alert-receivers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the receivers of alerts of the node that answers
         * @description Needs the permission of `v-list-alert-receivers`.
         */
        get: operations["listAlertReceivers"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/alert-tests": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send a test alert to each receiver
         * @description Needs the permission of `v-test-alert`.
         */
        post: operations["testAlert"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/allowed-ips": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List API_ALLOWED_IP, and tell where this request comes from
         * @description Needs the permission of `v-list-sys-api-ips`.
         */
        get: operations["listAllowedIps"];
        put?: never;
        /**
         * Allow an address, a range or everybody; what is allowed already stays so
         * @description Needs the permission of `v-add-sys-api-ip`.
         */
        post: operations["addAllowedIp"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/allowed-ips/refused": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List addresses that were refused lately
         * @description Needs the permission of `v-list-audit-events`.
         */
        get: operations["listRefusedAddresses"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/allowed-ips/{address}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Delete an entry; the one that allows the caller can not be deleted
         * @description Needs the permission of `v-delete-sys-api-ip`.
         */
        delete: operations["deleteAllowedIp"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/apis": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List API role files, also those that are broken
         * @description A user who has logged in sees those that his keys can have: of the role `user`, an administrator also of the role `admin`, and whole. Needs the permission of `v-list-apis`.
         */
        get: operations["listApis"];
        put?: never;
        /**
         * Make an API role file
         * @description Needs the permission of `v-add-api`.
         */
        post: operations["createApi"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/apis/{api}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read an API role file
         * @description GET /v1/access-keys?permission= lists the keys that have it. Needs the permission of `v-list-api`.
         */
        get: operations["readApi"];
        /**
         * Replace an API role file, or tell what that would do to which keys
         * @description Needs the permission of `v-change-api`.
         */
        put: operations["replaceApi"];
        post?: never;
        /**
         * Delete an API role file; keys keep its name and lose what it granted
         * @description Needs the permission of `v-delete-api`.
         */
        delete: operations["deleteApi"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/apis/{api}/suggestion": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Suggest what an API role can do without
         * @description The smallest role that would have allowed all that was allowed and still is, from the record of the node that answers. Needs the permission of `v-suggest-api`.
         */
        get: operations["suggestForApi"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/approvals": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List changes that wait for a second person, the newest first
         * @description Also those that were approved and are not made yet. For the root user and administrators. Needs the permission of `v-list-approvals`.
         */
        get: operations["listApprovals"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/approvals/{approvalId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Reject a change that waits, or take an approval back
         * @description Needs the permission of `v-reject-change`.
         */
        delete: operations["rejectChange"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/approvals/{approvalId}/approve": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Approve a change that somebody else has asked for
         * @description The approval counts once, within 24 hours, for exactly that change: who asked for it sends the same request again. Keys can not approve. Needs the permission of `v-approve-change`.
         */
        post: operations["approveChange"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/audit-events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List audit events, the newest first, in pages or as a stream
         * @description With `Accept: application/x-ndjson` or `text/csv` all events that match, as one stream; limit and cursor do not count then. With `text/event-stream` those that are recorded from now on, or since `Last-Event-ID`, as server-sent events: each `data` is an audit event, its `id` the number; an event `gap` says that there were too many to be sent. That stream ends when the caller may no longer read the record. Needs the permission of `v-list-audit-events`.
         */
        get: operations["listAuditEvents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/audit-events/counts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Count decisions by key, user, address, command, reason or outcome, over time
         * @description Needs the permission of `v-list-audit-events`.
         */
        get: operations["countAuditEvents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/audit-events/{number}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read an audit event by its number
         * @description Needs the permission of `v-list-audit-events`.
         */
        get: operations["readAuditEvent"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/audit-events/{number}/proof": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Prove that an event is in the record
         * @description The event, its inclusion path and a signed head of the Merkle tree, with the cosignatures of witnesses. The public key of the node is enough to check it offline (docs/check-audit-proof.php). Needs the permission of `v-prove-audit-event`.
         */
        get: operations["proveAuditEvent"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/audit-verifications": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read when the audit record was last verified, and how that ended
         * @description Needs the permission of `v-list-audit-events`.
         */
        get: operations["listAuditVerifications"];
        put?: never;
        /**
         * Verify the audit record
         * @description Needs the permission of `v-verify-audit`.
         */
        post: operations["verifyAudit"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/commands": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the commands that there are
         * @description Needs the permission of `v-list-commands`.
         */
        get: operations["listCommands"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/explanations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Explain each step of a decision about a key, assuming the right secret
         * @description Needs the permission of `v-explain-access`.
         */
        post: operations["explainAccess"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/findings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List what an operator should look at
         * @description Needs the permission of `v-list-findings`.
         */
        get: operations["listFindings"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/leaked-secrets": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Delete the keys that leaked secrets belong to
         * @description All keys that have one of them, with the keys that those made, in one change: all of them or none. No node accepts them when the answer comes. A secret of no known key is answered with `unknown`; too many of those in a minute, and none that a key has, with 429. A secret without its ID is compared with every key: more of them than can be compared at once are refused with `limit_reached`. Needs the permission of `v-revoke-secret`.
         */
        post: operations["revokeLeakedSecret"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/legacy-keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List legacy keys by their IDs
         * @description Needs the permission of `v-list-api-keys`.
         */
        get: operations["listLegacyKeys"];
        put?: never;
        /**
         * Make a legacy key
         * @description The answer is the only one that has it. Needs the permission of `v-generate-api-key`.
         */
        post: operations["createLegacyKey"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/legacy-keys/{legacyKeyId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Revoke a legacy key by its ID
         * @description Needs the permission of `v-revoke-api-key`.
         */
        delete: operations["deleteLegacyKey"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/nodes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the nodes that share the database
         * @description Needs the permission of `v-list-nodes`.
         */
        get: operations["listNodes"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/passkeys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List passkeys
         * @description Needs the permission of `v-list-passkeys`.
         */
        get: operations["listPasskeys"];
        put?: never;
        /** Enrol the passkey that the browser has made */
        post: operations["createPasskey"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/passkeys/options": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** What a browser needs to make a passkey for the user of this session */
        post: operations["readPasskeyOptions"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/passkeys/{passkeyId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Delete a passkey: nobody logs in with it any more
         * @description Needs the permission of `v-delete-passkey`.
         */
        delete: operations["deletePasskey"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List sessions, the newest first, in pages
         * @description Needs the permission of `v-list-sessions`.
         */
        get: operations["listSessions"];
        put?: never;
        /**
         * Log in, with a password, the token of a login link, or a passkey
         * @description The session is a cookie. Neither API_SYSTEM nor API_ALLOWED_IP counts.
         */
        post: operations["logIn"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sessions/current": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read the own session, with what each change has to send along */
        get: operations["readCurrentSession"];
        put?: never;
        post?: never;
        /** Log out */
        delete: operations["logOut"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sessions/options": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** What a browser needs to log in with a passkey */
        post: operations["readLoginOptions"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sessions/{sessionId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * End a session
         * @description Needs the permission of `v-delete-session`.
         */
        delete: operations["deleteSession"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/settings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read the switches
         * @description Needs the permission of `v-list-sys-config`.
         */
        get: operations["readSettings"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Change switches, all in one step
         * @description A merge patch (RFC 7396). A change that would lock out its own caller is refused. Needs the permission of `v-change-sys-config-value`.
         */
        patch: operations["changeSettings"];
        trace?: never;
    };
    "/v1/trials": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List trials, and what they would have denied
         * @description Each with what the record of the node that answers says of it; at most 1,000. Needs the permission of `v-list-trials`.
         */
        get: operations["listTrials"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/users": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List users
         * @description Needs the permission of `v-list-users`.
         */
        get: operations["listUsers"];
        put?: never;
        /**
         * Add a user
         * @description Needs the permission of `v-add-user`.
         */
        post: operations["createUser"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/users/{user}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a user
         * @description Needs the permission of `v-list-user`.
         */
        get: operations["readUser"];
        put?: never;
        post?: never;
        /**
         * Delete a user, and the access keys that it owns
         * @description Needs the permission of `v-delete-user`.
         */
        delete: operations["deleteUser"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/users/{user}/login": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Let a user log in with a password, or not
         * @description Needs the permission of `v-change-user-config-value`.
         */
        put: operations["changeUserLogin"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/users/{user}/password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Change the password of a user
         * @description Needs the permission of `v-change-user-password`.
         */
        put: operations["changeUserPassword"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/users/{user}/role": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Make a user an administrator, or an ordinary user
         * @description Only for a caller that may do everything. The role of the root user can not be changed. Needs the permission of `v-change-user-role`.
         */
        put: operations["changeUserRole"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/users/{user}/suggestion": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Suggest the smallest role of all keys of a user
         * @description The smallest role that would have allowed all that was allowed and still is, from the record of the node that answers. Needs the permission of `v-suggest-api`.
         */
        get: operations["suggestForUser"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/users/{user}/suspend": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Suspend a user: its access keys are refused
         * @description Needs the permission of `v-suspend-user`.
         */
        post: operations["suspendUser"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/users/{user}/unsuspend": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Unsuspend a user
         * @description Needs the permission of `v-unsuspend-user`.
         */
        post: operations["unsuspendUser"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/whoami": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who am I, and what may I do? */
        get: operations["whoAmI"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        AccessKey: {
            accessKeyId: string;
            user: string;
            /** @description Names of APIs; empty: everything, for a key of the root user. */
            permissions: string[];
            comment: string;
            /** @enum {string} */
            state: "active" | "suspended" | "expired";
            /** Format: date-time */
            createdAt: string;
            /**
             * Format: date-time
             * @description The first moment at which it is refused; null: never.
             */
            expiresAt: string | null;
            /** @description Where it may be used from; null: wherever API_ALLOWED_IP lets it. */
            allowedAddresses: string[] | null;
            /** @example 120/min */
            rateLimit: string | null;
            /** @example 10000/month */
            quota: string | null;
            /**
             * @description What arguments of its commands may be; null: whatever they are.
             * @example [
             *       "DOMAIN=example.com,*.example.org"
             *     ]
             */
            only: string[] | null;
            /**
             * Format: date-time
             * @description Until then the secret before this one counts as well.
             */
            oldSecretValidUntil: string | null;
            lastUse: components["schemas"]["LastUse"] | null;
            /** @description The access key that made it over the API, and with which it ends. */
            madeBy: string | null;
            /** @description Whether it was derived from that key for a while, and is removed after its end. */
            isDerived: boolean;
            /** @description Whether its secret came from a source that can be guessed: rotate it. As the doctor finds it. */
            isWeak: boolean;
            /** @description Whether it is a canary: it allows nothing, its holder sees a key with a wrong secret, and its use is an alert. Only callers who may do everything are shown this. */
            isCanary?: boolean;
        };
        AccessKeyPage: {
            items: components["schemas"]["AccessKey"][];
            /** @description The `cursor` of the next page; null: this is the last one. */
            next: string | null;
        };
        AccessKeyPatch: {
            /**
             * @example [
             *       "203.0.113.9",
             *       "2001:db8::/64"
             *     ]
             */
            allowedAddresses?: string[] | null;
            /** @example 120/min */
            rateLimit?: string | null;
            /**
             * @description What arguments of the commands may be, by their names in the options of the commands. A command without such an argument is denied, unless it is in `safe`.
             * @example [
             *       "DOMAIN=example.com,*.example.org"
             *     ]
             */
            only?: string[] | null;
            /**
             * @description The most allowed requests in a day, a week (from Monday) or a month of the calendar, in UTC.
             * @example 10000/month
             */
            quota?: string | null;
            /**
             * Format: date-time
             * @description The end: in the future.
             */
            expiresAt?: string | null;
            /**
             * @description The end, in place of expiresAt, as a time from now.
             * @example 90d
             */
            expiresIn?: string;
            permissions?: string[];
            comment?: string;
        };
        AlertReceiver: {
            /** @description A digest stands in the place of the path, which may be a secret. */
            name: string;
            /** @enum {string} */
            kind: "webhook" | "mail";
            /** @description Alerts that it has taken since the start of this node. */
            sent: number;
            /** @description Attempts that failed since the start of this node. */
            failed: number;
            /** @description Alerts that it refused for days since the start of this node, and that were passed over. */
            putAside: number;
            /** @description Recorded events that it is behind. */
            behind: number;
            /**
             * Format: date-time
             * @description Null: not since the start.
             */
            lastSuccessAt: string | null;
            /** @description Of the newest attempt, or an address that the mail server does not take; null: it did not fail. */
            failure: string | null;
        };
        AlertReceiverList: {
            /** @description Empty: no alerts are sent. */
            items: components["schemas"]["AlertReceiver"][];
        };
        AlertTest: {
            name: string;
            /** @description Whether the receiver accepted it. */
            accepted: boolean;
            /** @description What it answered, or why it could not be asked. */
            answer: string;
        };
        AlertTestList: {
            items: components["schemas"]["AlertTest"][];
        };
        AllowedIp: {
            /** @description The one spelling that is kept: a range has no host bits. */
            address: string;
        };
        AllowedIpInput: {
            /**
             * Format: ip-or-range
             * @example 203.0.113.0/24
             */
            address: string;
        };
        AllowedIps: {
            /** @description Addresses, ranges, or allow-all; empty: nobody. */
            items: string[];
            /** @description The address that this request was seen from; null: none is known. */
            requestSeenFrom: string | null;
        };
        Api: {
            name: string;
            /**
             * @description null: the file says none, and grants nothing.
             * @enum {string|null}
             */
            role: "admin" | "user" | null;
            commands: string[];
            /** @description Commands that keys of other users may run although they name no user. */
            safe: string[];
            /**
             * @description What arguments of its commands may be; null: whatever they are.
             * @example [
             *       "DOMAIN=example.com,*.example.org"
             *     ]
             */
            only: string[] | null;
            /** @description Whether it is built in, and no file: it can be neither changed nor deleted. */
            isBuiltIn: boolean;
            /** @description Why the file grants nothing, with its line; null: it is in order. */
            problem: string | null;
            /** @description With `countKeys`: how many access keys have it, of those that the caller may see. */
            keyCount?: number;
        };
        ApiEffect: {
            /** @description At most 1,000 of them. */
            keys: components["schemas"]["KeyEffect"][];
            /** @description Whether these are all. */
            isComplete: boolean;
        };
        ApiInput: {
            /**
             * @description What arguments of the commands may be, by their names in the options of the commands. A command without such an argument is denied, unless it is in `safe`. Absent: a file that is there keeps what it says; null: they are not held.
             * @example [
             *       "DOMAIN=example.com,*.example.org"
             *     ]
             */
            only?: string[] | null;
            /**
             * @description admin: for keys of the root user alone.
             * @enum {string}
             */
            role: "admin" | "user";
            commands: string[];
            /**
             * @description A part of commands.
             * @default []
             */
            safe?: string[];
        };
        ApiList: {
            items: components["schemas"]["Api"][];
        };
        Approval: {
            approvalId: string;
            /** @enum {string} */
            kind: "unrestricted_key" | "admin_role" | "role_file" | "administrator" | "credentials" | "allow_list" | "restore" | "import" | "shorter_record";
            /** @description The command that asked for it; empty: none did. */
            command: string;
            /** @description What the change makes, as its audit event will tell it. */
            change: {
                [key: string]: string;
            };
            /** @description Who asked, and can not approve. Empty: settings did, and two persons have to approve it. */
            requestedBy: string;
            /** Format: date-time */
            requestedAt: string;
            /** @description The second person; null: nobody yet. */
            approvedBy: string | null;
            /**
             * Format: date-time
             * @description Until then it can be approved; once it is, made.
             */
            endsAt: string;
        };
        ApprovalList: {
            items: components["schemas"]["Approval"][];
        };
        AuditCount: {
            /** @description Empty where such events have none; … stands for all beyond the first thousand values. */
            value: string;
            /**
             * Format: date-time
             * @description Where the interval begins.
             */
            from?: string;
            count: number;
        };
        AuditCounts: {
            items: components["schemas"]["AuditCount"][];
        };
        AuditEvent: {
            /** @description Its number in the record of the node that answers. */
            number: number;
            id: string;
            /** Format: date-time */
            time: string;
            /** @enum {string} */
            type: "decision" | "change" | "result" | "note" | "alert";
            /** @enum {string} */
            outcome: "allow" | "deny" | "done" | "failed";
            /** @description Who: `kind`, and what names him. */
            actor: {
                [key: string]: string;
            };
            clientAddress: string | null;
            command: string | null;
            /** @description Arguments; those that may be secret are masked. */
            args: string[] | null;
            /** @enum {string|null} */
            reason: "address_malformed" | "address_not_allowed" | "address_not_allowed_for_key" | "api_disabled" | "api_disabled_for_user" | "argument_not_allowed" | "audit_unavailable" | "command_malformed" | "command_missing" | "command_unknown" | "credentials_malformed" | "cross_site_request" | "key_expired" | "key_suspended" | "key_unknown" | "login_disabled" | "not_root_user" | "overloaded" | "panel_unavailable" | "passkey_cloned" | "permission_missing" | "quota_exceeded" | "rate_limited" | "read_only" | "request_malformed" | "request_too_large" | "root_user_protected" | "secret_mismatch" | "secret_replaced" | "session_ended" | "sessions_disabled" | "store_unavailable" | "too_many_attempts" | "too_many_failures" | "user_argument_mismatch" | "user_argument_undefined" | "user_suspended" | "user_unknown" | null;
            /** @description The return code. */
            code: number | null;
            /** @description What a change was made to. */
            target: {
                [key: string]: string;
            } | null;
            /** @description Of a note or an alert: which. */
            note: string | null;
            /** @description How many failed attempts it stands for. */
            count: number;
            /** @description Of an allowed request of a key on trial: what the trial would have made of it. */
            trial?: components["schemas"]["TrialVerdict"][];
        };
        AuditEventPage: {
            items: components["schemas"]["AuditEvent"][];
            /** @description The `cursor` of the next page; null: this is the last one. */
            next: string | null;
        };
        AuditEventProof: {
            number: number;
            /** @description Of the leaf in the tree. */
            index: number;
            /** @description The line without its chain value: the leaf is SHA-256 of a zero byte and this. */
            content: string;
            /** @description The inclusion path from the leaf up, each in base64. */
            path: string[];
            /** @description A head of the tree as a signed note, with the signatures of witnesses. */
            checkpoint: string;
            /** @description The public key of the node, as C2SP writes it. */
            key: string;
        };
        CheckInput: {
            /** @description The secret to be checked. */
            secretAccessKey: string;
            /** @description The command that it is to run. */
            command: string;
            /**
             * Format: ip
             * @description As if the request came from this address.
             * @default 127.0.0.1
             */
            clientAddress?: string;
        };
        CheckResult: {
            allowed: boolean;
            /** @description The return code of v-check-access-key. */
            code: number;
            /**
             * @description Why not; null: it is allowed.
             * @enum {string|null}
             */
            reason: "address_malformed" | "address_not_allowed" | "address_not_allowed_for_key" | "already_created" | "already_exists" | "already_suspended" | "api_disabled" | "api_disabled_for_user" | "approval_required" | "argument_not_allowed" | "audit_unavailable" | "bad_gateway" | "body_too_large" | "changed_meanwhile" | "command_failed" | "command_malformed" | "command_missing" | "command_missing_here" | "command_unknown" | "credentials_malformed" | "credentials_refused" | "cross_site_request" | "forbidden" | "insecure_transport" | "invalid_input" | "key_expired" | "key_suspended" | "key_unknown" | "limit_reached" | "login_disabled" | "method_not_allowed" | "not_found" | "not_root_user" | "not_suspended" | "overloaded" | "panel_unavailable" | "passkey_cloned" | "permission_missing" | "quota_exceeded" | "rate_limited" | "read_only" | "request_malformed" | "request_too_large" | "role_file_broken" | "root_user_protected" | "secret_mismatch" | "secret_replaced" | "server_error" | "session_ended" | "session_required" | "sessions_disabled" | "store_unavailable" | "too_many_attempts" | "too_many_failures" | "two_credentials" | "unreadable_request" | "unsupported_media_type" | "user_argument_mismatch" | "user_argument_undefined" | "user_suspended" | "user_unknown" | "wrong_password" | null;
            /** @description The key's user. */
            user?: string;
            /** @description Where the user must stand among the arguments, counted from 1; 0: nowhere. */
            userArgPosition?: number;
        };
        Command: {
            name: string;
            description: string;
            /** @example USER DOMAIN [RESTART] */
            options: string;
            /** @description Places of the user, counted from 1, that hold a key to its own user. */
            userPositions: number[];
            /** @description Whether read-only mode lets it through. */
            onlyReads: boolean;
        };
        CommandList: {
            items: components["schemas"]["Command"][];
        };
        CurrentSession: {
            sessionId: string;
            user: string;
            /** @enum {string} */
            method: "password" | "link" | "passkey";
            /** @description Where the login came from. */
            clientAddress: string;
            /** Format: date-time */
            createdAt: string;
            /**
             * Format: date-time
             * @description It ends 30 minutes later, unless it is used.
             */
            lastSeenAt: string;
            /**
             * Format: date-time
             * @description The end at the latest.
             */
            endsAt: string;
            /** @description Whether it is the one that this request came with. */
            isCurrent: boolean;
            isRootUser: boolean;
            /** @description Whether changes wait for a second person here (HEARTHKEY_APPROVALS), and this user may be that person. */
            mayApprove: boolean;
            /** @description To be sent as `X-CSRF-Token` with each change. */
            csrfToken: string;
        };
        DayUse: {
            /**
             * Format: date
             * @description In UTC.
             */
            day: string;
            command: string;
            /** @enum {string} */
            outcome: "allow" | "deny";
            /** @description Why it was denied; null: it was allowed. */
            reason: string | null;
            count: number;
        };
        Decision: {
            allowed: boolean;
            code: number;
            /** @enum {string} */
            reason: "allowed" | "address_malformed" | "address_not_allowed" | "address_not_allowed_for_key" | "api_disabled" | "api_disabled_for_user" | "argument_not_allowed" | "audit_unavailable" | "command_malformed" | "command_missing" | "command_unknown" | "credentials_malformed" | "cross_site_request" | "key_expired" | "key_suspended" | "key_unknown" | "login_disabled" | "not_root_user" | "overloaded" | "panel_unavailable" | "passkey_cloned" | "permission_missing" | "quota_exceeded" | "rate_limited" | "read_only" | "request_malformed" | "request_too_large" | "root_user_protected" | "secret_mismatch" | "secret_replaced" | "session_ended" | "sessions_disabled" | "store_unavailable" | "too_many_attempts" | "too_many_failures" | "user_argument_mismatch" | "user_argument_undefined" | "user_suspended" | "user_unknown";
            user?: string;
            isRootUser?: boolean;
            permissions?: string[];
            userArgPosition?: number;
            userArgPositions?: number[];
        };
        DerivationInput: {
            /**
             * @example [
             *       "203.0.113.9",
             *       "2001:db8::/64"
             *     ]
             */
            allowedAddresses?: string[] | null;
            /** @example 120/min */
            rateLimit?: string | null;
            /**
             * @description What arguments of the commands may be, by their names in the options of the commands. A command without such an argument is denied, unless it is in `safe`.
             * @example [
             *       "DOMAIN=example.com,*.example.org"
             *     ]
             */
            only?: string[] | null;
            /**
             * @description The most allowed requests in a day, a week (from Monday) or a month of the calendar, in UTC.
             * @example 10000/month
             */
            quota?: string | null;
            /**
             * Format: date-time
             * @description The end: in the future.
             */
            expiresAt?: string | null;
            /**
             * @description The end, in place of expiresAt, as a time from now.
             * @example 90d
             */
            expiresIn?: string;
            /** @description Some of the APIs of its parent; absent: all of them. */
            permissions?: string[];
        };
        Evaluation: {
            subject: {
                /** @example access_key */
                type: string;
                /** @description The access key ID. */
                id: string;
                properties?: {
                    /** @description The secret access key. */
                    secretAccessKey?: string;
                    /** @description If given, the same ID. */
                    accessKeyId?: string;
                };
            };
            action: {
                /** @example run */
                name: string;
            };
            resource: {
                /** @example command */
                type: string;
                /**
                 * @description The command.
                 * @example v-list-mail-domains
                 */
                id: string;
                properties?: {
                    args?: string[];
                };
            };
            context?: {
                /** @description The client address; left out: the caller's own. */
                clientIp?: string;
            };
        };
        EvaluationAnswer: {
            decision: boolean;
            context: {
                code?: number;
                /** @enum {string} */
                reason?: "allowed" | "address_malformed" | "address_not_allowed" | "address_not_allowed_for_key" | "api_disabled" | "api_disabled_for_user" | "argument_not_allowed" | "audit_unavailable" | "command_malformed" | "command_missing" | "command_unknown" | "credentials_malformed" | "cross_site_request" | "key_expired" | "key_suspended" | "key_unknown" | "login_disabled" | "not_root_user" | "overloaded" | "panel_unavailable" | "passkey_cloned" | "permission_missing" | "quota_exceeded" | "rate_limited" | "read_only" | "request_malformed" | "request_too_large" | "root_user_protected" | "secret_mismatch" | "secret_replaced" | "session_ended" | "sessions_disabled" | "store_unavailable" | "too_many_attempts" | "too_many_failures" | "user_argument_mismatch" | "user_argument_undefined" | "user_suspended" | "user_unknown";
                user?: string;
                isRootUser?: boolean;
                permissions?: string[];
                userArgPosition?: number;
                userArgPositions?: number[];
            };
        };
        Evaluations: {
            subject?: {
                /** @example access_key */
                type: string;
                /** @description The access key ID. */
                id: string;
                properties?: {
                    /** @description The secret access key. */
                    secretAccessKey?: string;
                    /** @description If given, the same ID. */
                    accessKeyId?: string;
                };
            };
            action?: {
                /** @example run */
                name: string;
            };
            resource?: {
                /** @example command */
                type: string;
                /**
                 * @description The command.
                 * @example v-list-mail-domains
                 */
                id: string;
                properties?: {
                    args?: string[];
                };
            };
            context?: {
                /** @description The client address; left out: the caller's own. */
                clientIp?: string;
            };
            /** @description Each takes the parts that it has not from beside this list. */
            evaluations?: {
                subject?: {
                    /** @example access_key */
                    type: string;
                    /** @description The access key ID. */
                    id: string;
                    properties?: {
                        /** @description The secret access key. */
                        secretAccessKey?: string;
                        /** @description If given, the same ID. */
                        accessKeyId?: string;
                    };
                };
                action?: {
                    /** @example run */
                    name: string;
                };
                resource?: {
                    /** @example command */
                    type: string;
                    /**
                     * @description The command.
                     * @example v-list-mail-domains
                     */
                    id: string;
                    properties?: {
                        args?: string[];
                    };
                };
                context?: {
                    /** @description The client address; left out: the caller's own. */
                    clientIp?: string;
                };
            }[];
            options?: {
                /** @enum {string} */
                evaluations_semantic?: "execute_all" | "deny_on_first_deny" | "permit_on_first_permit";
            };
        };
        EvaluationsAnswer: {
            decision?: boolean;
            evaluations?: components["schemas"]["EvaluationAnswer"][];
            context?: {
                code?: number;
                /** @enum {string} */
                reason?: "allowed" | "address_malformed" | "address_not_allowed" | "address_not_allowed_for_key" | "api_disabled" | "api_disabled_for_user" | "argument_not_allowed" | "audit_unavailable" | "command_malformed" | "command_missing" | "command_unknown" | "credentials_malformed" | "cross_site_request" | "key_expired" | "key_suspended" | "key_unknown" | "login_disabled" | "not_root_user" | "overloaded" | "panel_unavailable" | "passkey_cloned" | "permission_missing" | "quota_exceeded" | "rate_limited" | "read_only" | "request_malformed" | "request_too_large" | "root_user_protected" | "secret_mismatch" | "secret_replaced" | "session_ended" | "sessions_disabled" | "store_unavailable" | "too_many_attempts" | "too_many_failures" | "user_argument_mismatch" | "user_argument_undefined" | "user_suspended" | "user_unknown";
                user?: string;
                isRootUser?: boolean;
                permissions?: string[];
                userArgPosition?: number;
                userArgPositions?: number[];
            };
        };
        ExplainedStep: {
            step: string;
            /** @enum {string} */
            state: "ok" | "denied" | "not asked" | "not reached";
            /** @enum {string|null} */
            reason: "address_malformed" | "address_not_allowed" | "address_not_allowed_for_key" | "api_disabled" | "api_disabled_for_user" | "argument_not_allowed" | "audit_unavailable" | "command_malformed" | "command_missing" | "command_unknown" | "credentials_malformed" | "cross_site_request" | "key_expired" | "key_suspended" | "key_unknown" | "login_disabled" | "not_root_user" | "overloaded" | "panel_unavailable" | "passkey_cloned" | "permission_missing" | "quota_exceeded" | "rate_limited" | "read_only" | "request_malformed" | "request_too_large" | "root_user_protected" | "secret_mismatch" | "secret_replaced" | "session_ended" | "sessions_disabled" | "store_unavailable" | "too_many_attempts" | "too_many_failures" | "user_argument_mismatch" | "user_argument_undefined" | "user_suspended" | "user_unknown" | null;
            why: string;
            /** @description The setting, the file or the field that it stands in. */
            source: string;
            /** @description What would allow it. */
            remedy: string | null;
            /** @description The same as data, for those who tell it in their own words. */
            told: components["schemas"]["ToldStep"];
        };
        Explanation: {
            /**
             * @description depends: no step denies, and what was left open decides.
             * @enum {string}
             */
            verdict: "allow" | "deny" | "depends";
            /** @description Whatever was left open. */
            allowed: boolean;
            /** @description What has to be given for a verdict; empty unless it depends. */
            dependsOn: ("address" | "arguments")[];
            /** @description Of the denial; 0 where no step denies. */
            code: number;
            /** @enum {string|null} */
            reason: "address_malformed" | "address_not_allowed" | "address_not_allowed_for_key" | "api_disabled" | "api_disabled_for_user" | "argument_not_allowed" | "audit_unavailable" | "command_malformed" | "command_missing" | "command_unknown" | "credentials_malformed" | "cross_site_request" | "key_expired" | "key_suspended" | "key_unknown" | "login_disabled" | "not_root_user" | "overloaded" | "panel_unavailable" | "passkey_cloned" | "permission_missing" | "quota_exceeded" | "rate_limited" | "read_only" | "request_malformed" | "request_too_large" | "root_user_protected" | "secret_mismatch" | "secret_replaced" | "session_ended" | "sessions_disabled" | "store_unavailable" | "too_many_attempts" | "too_many_failures" | "user_argument_mismatch" | "user_argument_undefined" | "user_suspended" | "user_unknown" | null;
            steps: components["schemas"]["ExplainedStep"][];
        };
        ExplanationInput: {
            accessKeyId?: string;
            command?: string;
            /**
             * Format: ip
             * @description Absent: left open.
             */
            clientAddress?: string;
            /** @description Absent: left open. */
            args?: string[];
            /** @description The number of a past decision, in place of all else: it is asked again on the facts of now. */
            auditEvent?: number;
        };
        Finding: {
            /** @description For programs; it does not change. */
            check: string;
            subject: string;
            problem: string;
            /** @description What to do about it. */
            advice: string;
            /**
             * @description Which finding of its check it is. A new one may join.
             * @enum {string}
             */
            code: "alert_receiver_away" | "alerts_put_aside" | "api_unknown" | "audit_export_behind" | "audit_keep_held_back" | "audit_key_exposed" | "audit_record_damaged" | "audit_witness" | "canary_used" | "certificate_ended" | "certificate_ends_soon" | "certificate_unreadable" | "command_writable" | "database_not_durable" | "disk_fills" | "disk_full" | "everybody_allowed" | "key_ended" | "key_ends_soon" | "key_lives_too_long" | "key_of_former_root" | "key_without_end" | "loopback_trusted" | "nobody_allowed" | "own_address_missing" | "owner_unknown" | "proxy_untrusted" | "role_broken" | "role_commands_unknown" | "role_difference" | "role_file_ignored" | "role_grants_nothing" | "setting_for_one_start" | "setting_idle" | "setting_unknown" | "tls_missing" | "tree_key_removed" | "tree_keys_only_here" | "tree_keys_only_in_panel" | "user_commands_never_run" | "weak_access_key" | "weak_legacy_key";
            /** @description What stands in its sentences, for those who tell it in their own words. */
            params: {
                [key: string]: unknown;
            };
        };
        FindingList: {
            items: components["schemas"]["Finding"][];
        };
        HestiaRequest: {
            /** @description The access key ID, together with `secret_key`. */
            access_key?: string;
            /** @description The secret access key. */
            secret_key?: string;
            /** @description `ID:SECRET` of an access key; without a colon a legacy API key. */
            hash?: string;
            /** @description Legacy: the root user, together with `password`. */
            user?: string;
            /** @description Legacy: the password. */
            password?: string;
            /** @description The command, such as `v-list-users`. */
            cmd?: string;
            /** @description Argument 1 of the command. */
            arg1?: string;
            /** @description Argument 2 of the command. */
            arg2?: string;
            /** @description Argument 3 of the command. */
            arg3?: string;
            /** @description Argument 4 of the command. */
            arg4?: string;
            /** @description Argument 5 of the command. */
            arg5?: string;
            /** @description Argument 6 of the command. */
            arg6?: string;
            /** @description Argument 7 of the command. */
            arg7?: string;
            /** @description Argument 8 of the command. */
            arg8?: string;
            /** @description Argument 9 of the command. */
            arg9?: string;
            /** @description Argument 10 of the command. */
            arg10?: string;
            /** @description Argument 11 of the command. */
            arg11?: string;
            /** @description Argument 12 of the command. */
            arg12?: string;
            /** @description Argument 13 of the command. */
            arg13?: string;
            /**
             * @description `yes`: the body of the answer is the return code alone.
             * @example yes
             * @example no
             */
            returncode?: string;
        } | unknown | unknown | unknown;
        KeyEffect: {
            accessKeyId: string;
            user: string;
            /** @description Commands that its roles would grant it no more, or no more with all arguments. */
            loses: string[];
            /** @description Commands that they would grant it from then on, or with more arguments. */
            gains: string[];
            /** @description The key is an administrator's, and the role lets it run what it loses for any user but the root user. */
            losesForOthers: boolean;
            /** @description The key is an administrator's, and the role will let it run what it gains for any user but the root user. */
            gainsForOthers: boolean;
        };
        KeyOfLeak: {
            /** @description The access key that has, or had, the secret. */
            accessKeyId: string | null;
            /** @description The ID of the legacy key. */
            legacyKeyId: string | null;
            /** @description Whose the access key is. */
            user: string | null;
            /**
             * @description What the secret was when it was found. `canary`: its key allows nothing, and stays. `replaced`: its key has another one since, and stays. `revoked`: the key of the ID had been deleted before; there is nothing left to compare the secret with.
             * @enum {string}
             */
            state: "live" | "suspended" | "expired" | "canary" | "replaced" | "revoked" | "unknown";
            /** @description The key was there and is deleted now, on every node. */
            isRevoked: boolean;
            /** @description IDs of the keys that it had made. */
            deletedWithIt: string[];
        };
        KeyUsage: {
            accessKeyId: string;
            user: string;
            /** Format: date-time */
            since: string;
            quotas: components["schemas"]["QuotaState"][];
            uses: components["schemas"]["DayUse"][];
            /** @description The node whose record was read; empty where there is one process. */
            node: string;
            /** @description Other nodes that have recorded something since then. */
            otherNodes: string[];
            /**
             * Format: date-time
             * @description Where the record does not go back so far: from when on it can be read.
             */
            recordFrom: string | null;
        };
        LastUse: {
            /** Format: date-time */
            at: string;
            /** @description The client address of that request. */
            clientAddress: string;
            command: string;
        };
        LeakAnswer: {
            /** @description The access key that has, or had, the secret. */
            accessKeyId: string | null;
            /** @description The ID of the legacy key. */
            legacyKeyId: string | null;
            /** @description Whose the access key is. */
            user: string | null;
            /**
             * @description What the secret was when it was found. `canary`: its key allows nothing, and stays. `replaced`: its key has another one since, and stays. `revoked`: the key of the ID had been deleted before; there is nothing left to compare the secret with.
             * @enum {string}
             */
            state: "live" | "suspended" | "expired" | "canary" | "replaced" | "revoked" | "unknown";
            /** @description The key was there and is deleted now, on every node. */
            isRevoked: boolean;
            /** @description IDs of the keys that it had made. */
            deletedWithIt: string[];
            /** @description Other access keys with the same secret. They end with it. */
            otherKeys: components["schemas"]["KeyOfLeak"][];
        };
        LeakAnswers: {
            /** @description One for each secret, in their order. */
            items: components["schemas"]["LeakAnswer"][];
            /** @description So many access keys were not used since the pepper was replaced. Their secrets are found only as `ID:SECRET`, so each may have one of these. */
            accessKeysNotCompared: number;
            /** @description So many of the secrets were compared with the access key of their ID alone, because there were too many for all keys. Send fewer at once to find other keys with them. */
            secretsComparedByIdAlone: number;
        };
        LeakInput: {
            /** @description Each a secret, `ID:SECRET` or a legacy key. */
            secrets: string[];
        };
        LegacyKey: {
            /** @description No part of the key. */
            id: string;
            /** Format: date-time */
            createdAt: string;
            /** @description It came from a source that can be guessed: replace it. */
            isWeak: boolean;
        };
        LegacyKeyList: {
            items: components["schemas"]["LegacyKey"][];
        };
        LoginInput: {
            user?: string;
            /** Format: password */
            password?: string;
            /** @description What stands behind `token=` in a login link. */
            token?: string;
            /** @description An `AuthenticationResponseJSON` of WebAuthn, made with the options of `/v1/sessions/options`. */
            passkey?: {
                [key: string]: unknown;
            };
        };
        Message: {
            /** @example owner_suspended */
            code: string;
            /**
             * @example {
             *       "user": "alice"
             *     }
             */
            params: {
                [key: string]: unknown;
            };
        };
        NewAccessKey: {
            accessKeyId: string;
            user: string;
            /** @description Names of APIs; empty: everything, for a key of the root user. */
            permissions: string[];
            comment: string;
            /** @enum {string} */
            state: "active" | "suspended" | "expired";
            /** Format: date-time */
            createdAt: string;
            /**
             * Format: date-time
             * @description The first moment at which it is refused; null: never.
             */
            expiresAt: string | null;
            /** @description Where it may be used from; null: wherever API_ALLOWED_IP lets it. */
            allowedAddresses: string[] | null;
            /** @example 120/min */
            rateLimit: string | null;
            /** @example 10000/month */
            quota: string | null;
            /**
             * @description What arguments of its commands may be; null: whatever they are.
             * @example [
             *       "DOMAIN=example.com,*.example.org"
             *     ]
             */
            only: string[] | null;
            /**
             * Format: date-time
             * @description Until then the secret before this one counts as well.
             */
            oldSecretValidUntil: string | null;
            lastUse: components["schemas"]["LastUse"] | null;
            /** @description The access key that made it over the API, and with which it ends. */
            madeBy: string | null;
            /** @description Whether it was derived from that key for a while, and is removed after its end. */
            isDerived: boolean;
            /** @description Whether its secret came from a source that can be guessed: rotate it. As the doctor finds it. */
            isWeak: boolean;
            /** @description Whether it is a canary: it allows nothing, its holder sees a key with a wrong secret, and its use is an alert. Only callers who may do everything are shown this. */
            isCanary?: boolean;
            /** @description Shown this once. */
            secretAccessKey: string;
        };
        NewAccessKeyInput: {
            /**
             * @example [
             *       "203.0.113.9",
             *       "2001:db8::/64"
             *     ]
             */
            allowedAddresses?: string[] | null;
            /** @example 120/min */
            rateLimit?: string | null;
            /**
             * @description What arguments of the commands may be, by their names in the options of the commands. A command without such an argument is denied, unless it is in `safe`.
             * @example [
             *       "DOMAIN=example.com,*.example.org"
             *     ]
             */
            only?: string[] | null;
            /**
             * @description The most allowed requests in a day, a week (from Monday) or a month of the calendar, in UTC.
             * @example 10000/month
             */
            quota?: string | null;
            /**
             * Format: date-time
             * @description The end: in the future.
             */
            expiresAt?: string | null;
            /**
             * @description The end, in place of expiresAt, as a time from now.
             * @example 90d
             */
            expiresIn?: string;
            user: string;
            /**
             * @description Names of APIs. Empty, for the root user alone: everything.
             * @default []
             */
            permissions?: string[];
            /** @default  */
            comment?: string;
            /**
             * @description A canary: it allows nothing, and its use is an alert. Only for callers who may do everything.
             * @default false
             */
            isCanary?: boolean;
        };
        NewApiInput: {
            /**
             * @description What arguments of the commands may be, by their names in the options of the commands. A command without such an argument is denied, unless it is in `safe`. Absent: a file that is there keeps what it says; null: they are not held.
             * @example [
             *       "DOMAIN=example.com,*.example.org"
             *     ]
             */
            only?: string[] | null;
            name: string;
            /**
             * @description A ready-made role for this client, in place of role, commands and safe.
             * @enum {string}
             */
            from?: "fossbilling" | "whmcs" | "paymenter" | "clientexec" | "acme-dns" | "terraform" | "dns-cluster";
            /** @enum {string} */
            role?: "admin" | "user";
            commands?: string[];
            /** @default [] */
            safe?: string[];
        };
        NewLegacyKey: {
            id: string;
            /** @description Shown this once. */
            key: string;
        };
        NewPasskeyInput: {
            /** @description What its user calls it. */
            name: string;
            /** @description A `RegistrationResponseJSON` of WebAuthn. */
            credential: {
                [key: string]: unknown;
            };
        };
        NewUserInput: {
            name: string;
            /** Format: password */
            password: string;
            /** @example alice@example.com */
            email: string;
            /** @default default */
            package?: string;
            firstName?: string;
            lastName?: string;
        };
        Node: {
            id: string;
            version: string;
            /** @description How long it may rely on its facts, in milliseconds. */
            leaseMs: number;
            /** @description The newest change that it has applied. */
            appliedChange: number;
        };
        NodeList: {
            /** @description Empty: one process owns the data. */
            items: components["schemas"]["Node"][];
            newestChange: number;
            /** @description Of the node that answers. */
            version: string;
            /** @description The age of the lease of the node that answers, in milliseconds; null: it has none. */
            leaseAgeMs: number | null;
        };
        Passkey: {
            passkeyId: string;
            user: string;
            name: string;
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            lastUsedAt: string | null;
        };
        PasskeyList: {
            items: components["schemas"]["Passkey"][];
        };
        PasswordInput: {
            /** Format: password */
            password: string;
        };
        PastVerification: {
            /** @description Nothing was altered, removed, inserted, reordered or cut off. */
            isWhole: boolean;
            chain: string;
            files: number;
            lines: number;
            /** @description The number of the first line. */
            first: number;
            /** @description What was put away on purpose before that line; absent: nothing. */
            putAway?: components["schemas"]["PutAway"];
            /** @description It went on from an interrupted verification, which had verified the lines up to this number. */
            resumedAfter?: number;
            /** @description N:HASH, to be kept elsewhere. */
            head: string;
            findingCount: number;
            /** @description The first of them. */
            findings: components["schemas"]["VerificationFinding"][];
            /** Format: date-time */
            verifiedAt: string;
        };
        PastVerifications: {
            /** @description The last one that this node has done since it started; empty: none. */
            items: components["schemas"]["PastVerification"][];
        };
        Peaks: {
            second: number;
            minute: number;
            hour: number;
        };
        /** @description RFC 9457. */
        PlainProblem: {
            /** @constant */
            type: "about:blank";
            title: string;
            status: number;
            /** @description For people; the wording may change. */
            detail: string;
            /** @description The return code of a denial. */
            code?: number;
            /** @description The reason of a denial, as the client may read it. */
            reason?: string;
        };
        Problem: {
            /** @enum {string} */
            type: "about:blank";
            /** @description The status in words, such as `Forbidden`. */
            title: string;
            status: number;
            /** @description For people; the wording may change. */
            detail: string;
            /**
             * @description For programs; it does not change.
             * @enum {string}
             */
            reason: "address_malformed" | "address_not_allowed" | "address_not_allowed_for_key" | "already_created" | "already_exists" | "already_suspended" | "api_disabled" | "api_disabled_for_user" | "approval_required" | "argument_not_allowed" | "audit_unavailable" | "bad_gateway" | "body_too_large" | "changed_meanwhile" | "command_failed" | "command_malformed" | "command_missing" | "command_missing_here" | "command_unknown" | "credentials_malformed" | "credentials_refused" | "cross_site_request" | "forbidden" | "insecure_transport" | "invalid_input" | "key_expired" | "key_suspended" | "key_unknown" | "limit_reached" | "login_disabled" | "method_not_allowed" | "not_found" | "not_root_user" | "not_suspended" | "overloaded" | "panel_unavailable" | "passkey_cloned" | "permission_missing" | "quota_exceeded" | "rate_limited" | "read_only" | "request_malformed" | "request_too_large" | "role_file_broken" | "root_user_protected" | "secret_mismatch" | "secret_replaced" | "server_error" | "session_ended" | "session_required" | "sessions_disabled" | "store_unavailable" | "too_many_attempts" | "too_many_failures" | "two_credentials" | "unreadable_request" | "unsupported_media_type" | "user_argument_mismatch" | "user_argument_undefined" | "user_suspended" | "user_unknown" | "wrong_password";
            /** @description The return code of the command, where one stands behind it. */
            code?: number;
            /** @description One entry for each wrong field. */
            errors?: components["schemas"]["WrongField"][];
            /** @description Of a repeated creation: the ID of what the first one made. Of a change that a second person has to approve: the ID of the approval. */
            id?: string;
        };
        PutAway: {
            /** @description The record begins with this number since. */
            begin: number;
            /** Format: date-time */
            at: string;
            /** @description The settings that say so. */
            why: string;
        };
        Question: {
            accessKeyId: string;
            secretAccessKey: string;
            command: string;
            args?: string[];
            clientIp?: string;
        };
        QuotaState: {
            /** @description The key, or one that made it. */
            accessKeyId: string;
            /** @example 10000/month */
            quota: string;
            /** @description In this day, week or month (UTC), over all nodes. */
            used: number;
            /**
             * Format: date-time
             * @description When the next one begins.
             */
            endsAt: string;
        };
        RefusedAddress: {
            address: string;
            /** @description How many requests from there were refused. */
            count: number;
            /** Format: date-time */
            lastAt: string;
        };
        RefusedAddresses: {
            /** @description Those of the last hour, the latest first. */
            items: components["schemas"]["RefusedAddress"][];
        };
        RestError: {
            /** @enum {string} */
            error: "bad_request" | "unauthorized" | "forbidden" | "not_found" | "method_not_allowed" | "conflict" | "too_large" | "unsupported_media_type" | "too_many_requests" | "server_error" | "not_implemented" | "bad_gateway" | "unavailable" | "timeout";
            /** @description For people; it may change. */
            message: string;
            /** @description The return code, where there is one. */
            code?: number;
            /** @description The input that is wrong, where one is. */
            field?: string;
            /** @description Where an earlier step was done: whether it was taken back. */
            undone?: boolean;
        };
        RotationInput: {
            /**
             * @description How long the old secret counts as well; absent: not at all.
             * @example 24h
             */
            overlap?: string;
        };
        Session: {
            sessionId: string;
            user: string;
            /** @enum {string} */
            method: "password" | "link" | "passkey";
            /** @description Where the login came from. */
            clientAddress: string;
            /** Format: date-time */
            createdAt: string;
            /**
             * Format: date-time
             * @description It ends 30 minutes later, unless it is used.
             */
            lastSeenAt: string;
            /**
             * Format: date-time
             * @description The end at the latest.
             */
            endsAt: string;
            /** @description Whether it is the one that this request came with. */
            isCurrent: boolean;
        };
        SessionPage: {
            items: components["schemas"]["Session"][];
            /** @description The `cursor` of the next page; null: this is the last one. */
            next: string | null;
        };
        Settings: {
            /** @description API: legacy keys and passwords of the root user. */
            isLegacyApiOn: boolean;
            /**
             * @description API_SYSTEM: whose access keys may be used.
             * @enum {string}
             */
            accessKeyApi: "off" | "root_user" | "all_users";
            /** @description DEMO_MODE: every change is refused, decisions go on. */
            isReadOnly: boolean;
            /** @description Set by HEARTHKEY_ROOT_USER. */
            rootUser: string;
        };
        SettingsPatch: {
            isLegacyApiOn?: boolean;
            /** @enum {string} */
            accessKeyApi?: "off" | "root_user" | "all_users";
            isReadOnly?: boolean;
        };
        SuggestedCommand: {
            command: string;
            /** @description How often it was allowed. */
            count: number;
            /** Format: date-time */
            lastAt: string;
            /** @description Whether it stands in SAFE of the suggested role. */
            isSafe: boolean;
        };
        SuggestedKey: {
            accessKeyId: string;
            user: string;
            /** @description How many of its requests were allowed. */
            uses: number;
            /** Format: date-time */
            lastAt: string | null;
            /** @description The ranges that it came from; null: none are suggested. */
            allowedAddresses: string[] | null;
            /**
             * @description The lowest limit that would have refused nothing; null: none is suggested.
             * @example 120/min
             */
            rateLimit: string | null;
            /** @description The most requests in a second, a minute and an hour, with those of the keys that it made. */
            peaks: components["schemas"]["Peaks"];
        };
        Suggestion: {
            /** @enum {string} */
            kind: "key" | "user" | "api";
            /** @description The access key ID, the user or the API. */
            name: string;
            /** @description The node whose record was read; empty: one process owns the data. */
            node: string;
            /** Format: date-time */
            since: string;
            /**
             * Format: date-time
             * @description When the record begins that could be read; null: it is empty.
             */
            recordFrom: string | null;
            /** @description How many requests were allowed. */
            decisions: number;
            /** @enum {string} */
            role: "admin" | "user";
            /** @description The name of the role in commandLines; null: no role is made. */
            api: string | null;
            commands: components["schemas"]["SuggestedCommand"][];
            /** @description Used, and not suggested. */
            unsuggested: components["schemas"]["UnsuggestedCommand"][];
            /** @description Commands that could be run beyond those. */
            beyond: string[];
            /** @description Whether a key may run every command. */
            isUnrestricted: boolean;
            /** @description Empty for an API. */
            keys: components["schemas"]["SuggestedKey"][];
            /** @description The commands that put it in place, in their order; empty: nothing is to be changed, or a note says why none are suggested. */
            commandLines: string[];
            notes: components["schemas"]["SuggestionNote"][];
        };
        SuggestionNote: {
            /**
             * @description Which note it is. A new one may join.
             * @example older_use_unknown
             */
            code: string;
            /** @description Commands, keys, APIs or nodes that it is about. */
            names: string[];
            message: string;
        };
        ToldStep: {
            why: components["schemas"]["Message"];
            source: components["schemas"]["Message"];
            remedy: components["schemas"]["Message"] | null;
        };
        Trial: {
            accessKeyId: string;
            user: string;
            /** @description What is tried; what is absent stays as the key has it. */
            tries: components["schemas"]["TriedParts"];
            /** @description Whether it can be read; one that can not tries nothing. */
            isReadable: boolean;
            /** Format: date-time */
            since: string;
            /** @description Who began it, as the record names him. */
            by: string;
            /** @description Allowed requests since then, of the key and of those that it made. */
            decisions: number;
            /** @description How many of these it would have denied. */
            wouldDeny: number;
            /** @description These by command and reason. */
            denials: components["schemas"]["TriedDenial"][];
            /** @description The node whose record was read; empty: there is one. */
            node: string;
            /** @description Nodes whose records have to be asked as well. */
            otherNodes: string[];
            /**
             * Format: date-time
             * @description Where the record does not go back so far: from when on it counts.
             */
            recordFrom: string | null;
        };
        TrialInput: {
            /**
             * @example [
             *       "203.0.113.9",
             *       "2001:db8::/64"
             *     ]
             */
            allowedAddresses?: string[] | null;
            /** @example 120/min */
            rateLimit?: string | null;
            /**
             * @description What arguments of the commands may be, by their names in the options of the commands. A command without such an argument is denied, unless it is in `safe`.
             * @example [
             *       "DOMAIN=example.com,*.example.org"
             *     ]
             */
            only?: string[] | null;
            /** @description Names of APIs that would take the place of its permissions. */
            permissions?: string[];
        };
        TrialList: {
            items: components["schemas"]["Trial"][];
        };
        TrialVerdict: {
            /** @description The key that something is tried of. */
            accessKeyId: string;
            /**
             * Format: date-time
             * @description When the trial began.
             */
            since: string;
            /** @description Why the request would have been denied; null: it would have been allowed. */
            wouldDeny: string | null;
        };
        TriedDenial: {
            command: string;
            /** @description Why it would have been denied. */
            reason: string;
            count: number;
            /** Format: date-time */
            lastAt: string;
        };
        TriedParts: {
            /** @description Names of APIs. */
            permissions?: string[];
            /** @description null: any address. */
            allowedAddresses?: string[] | null;
            /** @description null: none of its own. */
            rateLimit?: string | null;
            /** @description null: held to nothing. */
            only?: string[] | null;
        };
        UnsuggestedCommand: {
            command: string;
            /** @description How often it was allowed. */
            count: number;
            /** Format: date-time */
            lastAt: string;
            /**
             * @description It was allowed once: now no role grants it, or there is no such command.
             * @enum {string}
             */
            why: "not_granted" | "unknown";
        };
        User: {
            name: string;
            fullName: string;
            email: string;
            package: string;
            /** @description Whether it is the root user. */
            isRootUser: boolean;
            /**
             * @description `admin`: the root user, or an administrator, whose keys may use `admin` roles.
             * @enum {string}
             */
            role: "admin" | "user";
            isSuspended: boolean;
            /** Format: date-time */
            createdAt: string | null;
        };
        UserList: {
            items: components["schemas"]["User"][];
        };
        UserLoginInput: {
            /** @description Whether the user may log in with a password. */
            isDisabled: boolean;
        };
        UserRoleInput: {
            /** @enum {string} */
            role: "admin" | "user";
        };
        Verification: {
            /** @description Nothing was altered, removed, inserted, reordered or cut off. */
            isWhole: boolean;
            chain: string;
            files: number;
            lines: number;
            /** @description The number of the first line. */
            first: number;
            /** @description What was put away on purpose before that line; absent: nothing. */
            putAway?: components["schemas"]["PutAway"];
            /** @description It went on from an interrupted verification, which had verified the lines up to this number. */
            resumedAfter?: number;
            /** @description N:HASH, to be kept elsewhere. */
            head: string;
            findingCount: number;
            /** @description The first of them. */
            findings: components["schemas"]["VerificationFinding"][];
        };
        VerificationFinding: {
            /** @description The file and the line. */
            place: string;
            problem: string;
        };
        VerificationInput: {
            /** @description A head of the record that you kept elsewhere. */
            expect?: string;
            /** @description Begin with this line: older ones were archived. */
            from?: number;
        };
        WebAuthnOptions: {
            /** @description What `parseCreationOptionsFromJSON` or `parseRequestOptionsFromJSON` of a browser takes. */
            publicKey: {
                [key: string]: unknown;
            };
        };
        WhoAmI: {
            /** @description Null: somebody who has logged in asks. */
            accessKeyId: string | null;
            /** @description Null: an access key asks. */
            sessionId: string | null;
            user: string;
            isRootUser: boolean;
            permissions: string[];
            /** @description Whether it may run every command. */
            mayRunEverything: boolean;
            /** @description The commands that it may run, with some arguments at least; empty where it may run every one. */
            commands: string[];
            clientAddress: string | null;
        };
        WrongField: {
            /** @description The field, with dots and places: `permissions.0`. */
            field: string;
            /** @description What is expected of it. It never repeats a secret. */
            message: string;
        };
    };
    responses: {
        /** @description The input is not as described: `errors` has one entry for each wrong field. */
        Problem400: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description No access key or session, or one that does not count. */
        Problem401: {
            headers: {
                /** @description The scheme: `Bearer`. */
                "WWW-Authenticate": string;
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The caller may not do this: permissions, user, address, switches, read-only mode. */
        Problem403: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description It does not exist, or something that the input names does not. */
        Problem404: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description It exists already, was created already, or is not in a state for this: see `reason`. */
        Problem409: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The resource was changed after the `ETag` in `If-Match` was read. */
        Problem412: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The body is too long. */
        Problem413: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The body is of another type. */
        Problem415: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Too many requests. */
        Problem429: {
            headers: {
                "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                "RateLimit-Reset": components["headers"]["RateLimitReset"];
                "Retry-After": components["headers"]["RetryAfter"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The service could not do it; its log says why. */
        Problem500: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The panel behind the service has no such command, or has disabled it. */
        Problem501: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The panel behind the service does not answer. */
        Problem502: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Too busy, or no decision is possible now. */
        Problem503: {
            headers: {
                "Retry-After": components["headers"]["RetryAfter"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description A command reached its time limit. It may have taken effect. */
        Problem504: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
    };
    parameters: never;
    requestBodies: never;
    headers: {
        /** @description Changes with the resource: for `If-Match`. */
        ETag: string;
        /** @description The path of what was created. */
        Location: string;
        /** @description Requests in a period. */
        RateLimitLimit: number;
        /** @description How many are left in it. */
        RateLimitRemaining: number;
        /** @description Seconds until it ends. */
        RateLimitReset: number;
        /** @description Seconds after which the same request may succeed. */
        RetryAfter: number;
    };
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    listAccessKeys: {
        parameters: {
            query?: {
                limit?: number;
                /** @description The `next` of the page before. */
                cursor?: string;
                /** @description Keys of this user. */
                user?: string;
                /** @description Keys with this permission. */
                permission?: string;
                state?: "active" | "suspended" | "expired";
                /** @description Keys that end before this moment. */
                expiresBefore?: string;
                /** @description Keys that were not used since this moment, or never. */
                unusedSince?: string;
                /** @description Keys that have no end; `false`: keys that have one. */
                neverExpires?: boolean;
                /** @description Keys whose secret before the present one counts as well; `false`: the others. */
                oldSecretValid?: boolean;
                /** @description Keys whose secret can be guessed, because of where it came from; `false`: the others. */
                isWeak?: boolean;
                /** @description Keys that were derived from another one; `false`: the others. */
                isDerived?: boolean;
                /** @description Keys that this access key made. */
                madeBy?: string;
                /** @description Keys with this text in their ID, user or comment, in any case. */
                text?: string;
                /** @description `expiresAt` lists those that end. */
                sort?: "id" | "createdAt" | "-createdAt" | "expiresAt" | "user";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AccessKeyPage"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    createAccessKey: {
        parameters: {
            query?: never;
            header?: {
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewAccessKeyInput"];
            };
        };
        responses: {
            /** @description Created. */
            201: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    ETag: components["headers"]["ETag"];
                    Location: components["headers"]["Location"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NewAccessKey"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    readAccessKey: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                accessKeyId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AccessKey"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    deleteAccessKey: {
        parameters: {
            query?: never;
            header?: {
                "If-Match"?: string;
            };
            path: {
                accessKeyId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    changeAccessKey: {
        parameters: {
            query?: never;
            header?: {
                "If-Match"?: string;
            };
            path: {
                accessKeyId: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/merge-patch+json": components["schemas"]["AccessKeyPatch"];
                "application/json": components["schemas"]["AccessKeyPatch"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AccessKey"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    checkAccessKey: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                accessKeyId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CheckInput"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CheckResult"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    deriveAccessKey: {
        parameters: {
            query?: never;
            header?: {
                "Idempotency-Key"?: string;
            };
            path: {
                accessKeyId: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["DerivationInput"];
            };
        };
        responses: {
            /** @description Created. */
            201: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    Location: components["headers"]["Location"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NewAccessKey"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    rotateAccessKey: {
        parameters: {
            query?: never;
            header?: {
                "Idempotency-Key"?: string;
            };
            path: {
                accessKeyId: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["RotationInput"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NewAccessKey"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    suggestForKey: {
        parameters: {
            query?: {
                /** @description What was used since then; absent: in the last 90 days. */
                since?: string;
            };
            header?: never;
            path: {
                accessKeyId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Suggestion"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    suspendAccessKey: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                accessKeyId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    readTrial: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                accessKeyId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Trial"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    beginTrial: {
        parameters: {
            query?: never;
            header?: {
                "If-Match"?: string;
            };
            path: {
                accessKeyId: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["TrialInput"];
            };
        };
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    endTrial: {
        parameters: {
            query?: never;
            header?: {
                "If-Match"?: string;
            };
            path: {
                accessKeyId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    enforceTrial: {
        parameters: {
            query?: never;
            header?: {
                "If-Match"?: string;
            };
            path: {
                accessKeyId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AccessKey"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    unsuspendAccessKey: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                accessKeyId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    readKeyUsage: {
        parameters: {
            query?: {
                /** @description Absent: the last 30 days. */
                since?: string;
            };
            header?: never;
            path: {
                accessKeyId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["KeyUsage"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    listAlertReceivers: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AlertReceiverList"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    testAlert: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AlertTestList"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    listAllowedIps: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AllowedIps"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    addAllowedIp: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AllowedIpInput"];
            };
        };
        responses: {
            /** @description Created. */
            201: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    Location: components["headers"]["Location"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AllowedIp"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    listRefusedAddresses: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RefusedAddresses"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    deleteAllowedIp: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                address: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    listApis: {
        parameters: {
            query?: {
                /** @description Counts the access keys that have each. It walks over all of them. */
                countKeys?: boolean;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiList"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    createApi: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewApiInput"];
            };
        };
        responses: {
            /** @description Created. */
            201: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    ETag: components["headers"]["ETag"];
                    Location: components["headers"]["Location"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Api"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    readApi: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                api: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Api"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    replaceApi: {
        parameters: {
            query?: {
                /** @description Changes nothing, and tells which keys would lose or gain what. */
                dryRun?: boolean;
            };
            header?: {
                "If-Match"?: string;
            };
            path: {
                api: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ApiInput"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Api"] | components["schemas"]["ApiEffect"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    deleteApi: {
        parameters: {
            query?: never;
            header?: {
                "If-Match"?: string;
            };
            path: {
                api: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    suggestForApi: {
        parameters: {
            query?: {
                /** @description What was used since then; absent: in the last 90 days. */
                since?: string;
            };
            header?: never;
            path: {
                api: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Suggestion"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    listApprovals: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApprovalList"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    rejectChange: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                approvalId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    approveChange: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                approvalId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Approval"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    listAuditEvents: {
        parameters: {
            query?: {
                limit?: number;
                /** @description The `next` of the page before. */
                cursor?: string;
                accessKeyId?: string;
                user?: string;
                /** @description A command, or what the record has in place of one, such as log-in. */
                command?: string;
                clientAddress?: string;
                /** @description programs: with a key or a password over the API; people: operators, and users who have logged in. */
                actor?: "programs" | "people" | "service";
                /** @description Leaves out what people only looked at, such as the pages of the console: the events of it that say allow or done. */
                omit?: "reads";
                type?: "decision" | "change" | "result" | "note" | "alert";
                outcome?: "allow" | "deny" | "done" | "failed";
                reason?: "address_malformed" | "address_not_allowed" | "address_not_allowed_for_key" | "api_disabled" | "api_disabled_for_user" | "argument_not_allowed" | "audit_unavailable" | "command_malformed" | "command_missing" | "command_unknown" | "credentials_malformed" | "cross_site_request" | "key_expired" | "key_suspended" | "key_unknown" | "login_disabled" | "not_root_user" | "overloaded" | "panel_unavailable" | "passkey_cloned" | "permission_missing" | "quota_exceeded" | "rate_limited" | "read_only" | "request_malformed" | "request_too_large" | "root_user_protected" | "secret_mismatch" | "secret_replaced" | "session_ended" | "sessions_disabled" | "store_unavailable" | "too_many_attempts" | "too_many_failures" | "user_argument_mismatch" | "user_argument_undefined" | "user_suspended" | "user_unknown";
                since?: string;
                until?: string;
            };
            header?: {
                "Last-Event-ID"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page, or the stream. */
            200: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuditEventPage"];
                    "application/x-ndjson": string;
                    "text/csv": string;
                    "text/event-stream": string;
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    countAuditEvents: {
        parameters: {
            query: {
                limit?: number;
                /** @description The `next` of the page before. */
                cursor?: string;
                accessKeyId?: string;
                user?: string;
                /** @description A command, or what the record has in place of one, such as log-in. */
                command?: string;
                clientAddress?: string;
                /** @description programs: with a key or a password over the API; people: operators, and users who have logged in. */
                actor?: "programs" | "people" | "service";
                /** @description Leaves out what people only looked at, such as the pages of the console: the events of it that say allow or done. */
                omit?: "reads";
                type?: "decision" | "change" | "result" | "note" | "alert";
                outcome?: "allow" | "deny" | "done" | "failed";
                reason?: "address_malformed" | "address_not_allowed" | "address_not_allowed_for_key" | "api_disabled" | "api_disabled_for_user" | "argument_not_allowed" | "audit_unavailable" | "command_malformed" | "command_missing" | "command_unknown" | "credentials_malformed" | "cross_site_request" | "key_expired" | "key_suspended" | "key_unknown" | "login_disabled" | "not_root_user" | "overloaded" | "panel_unavailable" | "passkey_cloned" | "permission_missing" | "quota_exceeded" | "rate_limited" | "read_only" | "request_malformed" | "request_too_large" | "root_user_protected" | "secret_mismatch" | "secret_replaced" | "session_ended" | "sessions_disabled" | "store_unavailable" | "too_many_attempts" | "too_many_failures" | "user_argument_mismatch" | "user_argument_undefined" | "user_suspended" | "user_unknown";
                since?: string;
                until?: string;
                by: "accessKeyId" | "user" | "clientAddress" | "command" | "reason" | "outcome";
                /** @description Counted apart for each of these, in UTC. */
                interval?: "minute" | "hour" | "day";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuditCounts"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    readAuditEvent: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                number: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuditEvent"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    proveAuditEvent: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                number: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuditEventProof"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    listAuditVerifications: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PastVerifications"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    verifyAudit: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["VerificationInput"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Verification"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    listCommands: {
        parameters: {
            query?: {
                /** @description Commands with this text in their name or description, in any case. */
                text?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CommandList"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    explainAccess: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["ExplanationInput"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Explanation"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    listFindings: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FindingList"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    revokeLeakedSecret: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["LeakInput"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LeakAnswers"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    listLegacyKeys: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LegacyKeyList"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    createLegacyKey: {
        parameters: {
            query?: never;
            header?: {
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Created. */
            201: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    Location: components["headers"]["Location"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NewLegacyKey"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    deleteLegacyKey: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                legacyKeyId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    listNodes: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NodeList"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    listPasskeys: {
        parameters: {
            query?: {
                /** @description Absent: of all users for the root user, for another the own ones. */
                user?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PasskeyList"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    createPasskey: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewPasskeyInput"];
            };
        };
        responses: {
            /** @description Created. */
            201: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    Location: components["headers"]["Location"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Passkey"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    readPasskeyOptions: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebAuthnOptions"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    deletePasskey: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                passkeyId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    listSessions: {
        parameters: {
            query?: {
                limit?: number;
                /** @description The `next` of the page before. */
                cursor?: string;
                user?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionPage"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    logIn: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["LoginInput"];
            };
        };
        responses: {
            /** @description Created. */
            201: {
                headers: {
                    Location: components["headers"]["Location"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CurrentSession"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    readCurrentSession: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CurrentSession"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    logOut: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    readLoginOptions: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebAuthnOptions"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    deleteSession: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                sessionId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    readSettings: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Settings"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    changeSettings: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/merge-patch+json": components["schemas"]["SettingsPatch"];
                "application/json": components["schemas"]["SettingsPatch"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Settings"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    listTrials: {
        parameters: {
            query?: {
                /** @description Of keys of this user. */
                user?: string;
                /** @description Of this key, in place of a user. */
                accessKeyId?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TrialList"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    listUsers: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UserList"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            501: components["responses"]["Problem501"];
            502: components["responses"]["Problem502"];
            503: components["responses"]["Problem503"];
            504: components["responses"]["Problem504"];
        };
    };
    createUser: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewUserInput"];
            };
        };
        responses: {
            /** @description The user was added; Location names it. */
            201: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    Location: components["headers"]["Location"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            501: components["responses"]["Problem501"];
            502: components["responses"]["Problem502"];
            503: components["responses"]["Problem503"];
            504: components["responses"]["Problem504"];
        };
    };
    readUser: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                user: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["User"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            501: components["responses"]["Problem501"];
            502: components["responses"]["Problem502"];
            503: components["responses"]["Problem503"];
            504: components["responses"]["Problem504"];
        };
    };
    deleteUser: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                user: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            501: components["responses"]["Problem501"];
            502: components["responses"]["Problem502"];
            503: components["responses"]["Problem503"];
            504: components["responses"]["Problem504"];
        };
    };
    changeUserLogin: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                user: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UserLoginInput"];
            };
        };
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            501: components["responses"]["Problem501"];
            502: components["responses"]["Problem502"];
            503: components["responses"]["Problem503"];
            504: components["responses"]["Problem504"];
        };
    };
    changeUserPassword: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                user: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PasswordInput"];
            };
        };
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            501: components["responses"]["Problem501"];
            502: components["responses"]["Problem502"];
            503: components["responses"]["Problem503"];
            504: components["responses"]["Problem504"];
        };
    };
    changeUserRole: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                user: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UserRoleInput"];
            };
        };
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            501: components["responses"]["Problem501"];
            502: components["responses"]["Problem502"];
            503: components["responses"]["Problem503"];
            504: components["responses"]["Problem504"];
        };
    };
    suggestForUser: {
        parameters: {
            query?: {
                /** @description What was used since then; absent: in the last 90 days. */
                since?: string;
            };
            header?: never;
            path: {
                user: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Suggestion"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    suspendUser: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                user: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            501: components["responses"]["Problem501"];
            502: components["responses"]["Problem502"];
            503: components["responses"]["Problem503"];
            504: components["responses"]["Problem504"];
        };
    };
    unsuspendUser: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                user: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            501: components["responses"]["Problem501"];
            502: components["responses"]["Problem502"];
            503: components["responses"]["Problem503"];
            504: components["responses"]["Problem504"];
        };
    };
    whoAmI: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WhoAmI"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
}
