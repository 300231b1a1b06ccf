// Written by `npm run generate` from the OpenAPI document of the admin door.
export interface paths {
  '/admin/api/session': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Who is signed in, or whether there is an administrator yet */
    get: operations['getSession'];
    put?: never;
    /** Sign in with e-mail address and password */
    post: operations['signIn'];
    /** Sign out */
    delete: operations['signOut'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/admin/api/setup': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Make the first administrator, with the code that the server printed */
    post: operations['setUp'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/admin/api/session/code': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** The second step of a sign-in: a code, or a recovery code */
    post: operations['signInWithCode'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/admin/api/session/confirm': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Give the password or a code again, for what is not to be done by whoever finds the machine open */
    post: operations['confirmSession'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/admin/api/live/token': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** A token for live data, at the console's own app */
    post: operations['createLiveToken'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/admin/api/account': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** The own account */
    get: operations['getAccount'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    /**
     * Change the profile; what is left out stays
     * @description Needs `If-Match` with the `ETag` of what it changes.
     */
    patch: operations['changeAccount'];
    trace?: never;
  };
  '/admin/api/account/password': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    /**
     * Another password; all other sessions end
     * @description Needs a password or code of the last 10 minutes.
     */
    put: operations['changePassword'];
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/admin/api/account/totp': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    /** Take the second factor into use, with a first code of it */
    put: operations['confirmTotp'];
    /**
     * Begin a second factor: the address that an app on a phone reads
     * @description Needs a password or code of the last 10 minutes.
     */
    post: operations['beginTotp'];
    /**
     * Take the second factor away, with the password and a code or recovery code
     * @description Needs a password or code of the last 10 minutes.
     */
    delete: operations['removeTotp'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/admin/api/account/sessions': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Where one is signed in */
    get: operations['listSessions'];
    put?: never;
    post?: never;
    /** Sign out everywhere else */
    delete: operations['endOtherSessions'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/admin/api/account/sessions/{id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post?: never;
    /** Sign out elsewhere */
    delete: operations['endSession'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/admin/api/tenants': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** The tenants that one is a member of */
    get: operations['listTenants'];
    put?: never;
    /**
     * Make a tenant; whoever makes it is its owner
     * @description Needs the role `operator`.
     */
    post: operations['createTenant'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/admin/api/tenants/{tenant}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * One tenant
     * @description Needs the role `viewer`.
     */
    get: operations['getTenant'];
    put?: never;
    post?: never;
    /**
     * Take a tenant away that has no app
     * @description Needs the role `owner`. Needs `If-Match` with the `ETag` of what it changes. Needs a password or code of the last 10 minutes.
     */
    delete: operations['removeTenant'];
    options?: never;
    head?: never;
    /**
     * Change the name, or from which role on a second factor is needed; what is left out stays
     * @description Needs the role `owner`. Needs `If-Match` with the `ETag` of what it changes. Needs a password or code of the last 10 minutes.
     */
    patch: operations['changeTenant'];
    trace?: never;
  };
  '/admin/api/tenants/{tenant}/members': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Who is in the tenant
     * @description Needs the role `viewer`.
     */
    get: operations['listMembers'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/admin/api/tenants/{tenant}/members/{account}': {
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
     * Take somebody out of the tenant; their account stays
     * @description Needs the role `admin`. Needs `If-Match` with the `ETag` of what it changes.
     */
    delete: operations['removeMember'];
    options?: never;
    head?: never;
    /**
     * Another role
     * @description Needs the role `admin`. Needs `If-Match` with the `ETag` of what it changes.
     */
    patch: operations['changeMember'];
    trace?: never;
  };
  '/admin/api/tenants/{tenant}/members/{account}/reset-link': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * A link by which a member chooses another password, once, within the hour
     * @description Needs the role `admin`.
     */
    post: operations['createResetLink'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/admin/api/tenants/{tenant}/invitations': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Invitations that are good and were not used
     * @description Needs the role `admin`.
     */
    get: operations['listInvitations'];
    put?: never;
    /**
     * A link by which somebody joins the tenant, once, within 72 hours
     * @description Needs the role `admin`.
     */
    post: operations['createInvitation'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/admin/api/tenants/{tenant}/invitations/{id}': {
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
     * Take an invitation back
     * @description Needs the role `admin`.
     */
    delete: operations['withdrawInvitation'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/admin/api/invitations/{token}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Where an invitation leads */
    get: operations['getInvitation'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/admin/api/invitations/{token}/accept': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Join: with a new account, or with the one that is signed in */
    post: operations['acceptInvitation'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/admin/api/resets/{token}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Choose another password by a link; every session of the account ends */
    post: operations['resetPassword'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/admin/api/tenants/{tenant}/audit': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * What was changed, newest first; developers see changes of apps
     * @description `counts=1` adds how many there are among the newest 20000 of the tenant, and of whom, what and which app.
     *
     *     Needs the role `developer`.
     */
    get: operations['listAudit'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/admin/api/tenants/{tenant}/audit/{id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * One entry
     * @description Needs the role `developer`.
     */
    get: operations['getAuditEntry'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/admin/api/templates': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** What a new app can begin with */
    get: operations['listTemplates'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/admin/api/tenants/{tenant}/apps': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * The apps of the tenant
     * @description Needs the role `viewer`.
     */
    get: operations['listApps'];
    put?: never;
    /**
     * Make an app from a template, with a first API key
     * @description Needs the role `admin`.
     */
    post: operations['createApp'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/admin/api/apps/{app}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * One app
     * @description Needs the role `viewer`.
     */
    get: operations['getApp'];
    put?: never;
    post?: never;
    /**
     * Erase an app with all that is kept of it
     * @description It is off at once, and nobody sees it any more. Its key is free when the job is done. The audit keeps what was done in it.
     *
     *     Needs the role `owner`. Needs `If-Match` with the `ETag` of what it changes. Needs a password or code of the last 10 minutes.
     */
    delete: operations['removeApp'];
    options?: never;
    head?: never;
    /**
     * Change an app; what is left out stays
     * @description Needs the role `admin`. Needs `If-Match` with the `ETag` of what it changes.
     */
    patch: operations['changeApp'];
    trace?: never;
  };
  '/admin/api/apps/{app}/usage': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * How much of its limits the app uses now
     * @description Needs the role `viewer`.
     */
    get: operations['getAppUsage'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/admin/api/apps/{app}/impact': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * How many connections and people a change of the app would reach; nothing is changed
     * @description Needs the role `admin`.
     */
    post: operations['getAppImpact'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/admin/api/apps/{app}/pages': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * All page policies, the most specific first, and the features that they may have
     * @description Needs the role `viewer`.
     */
    get: operations['listPages'];
    /**
     * Make a page policy (`If-Match: "v0"`), or change one
     * @description Needs the role `developer`. Needs `If-Match` with the `ETag` of what it changes.
     */
    put: operations['putPage'];
    post?: never;
    /**
     * Take a page policy away; its versions are kept
     * @description Needs the role `developer`. Needs `If-Match` with the `ETag` of what it changes.
     */
    delete: operations['deletePage'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/admin/api/apps/{app}/pages/revert': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Go back to an earlier version, as a new one
     * @description Needs the role `developer`. Needs `If-Match` with the `ETag` of what it changes.
     */
    post: operations['revertPage'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/admin/api/apps/{app}/pages/changes': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Change several page policies, all of them or none
     * @description Needs the role `developer`.
     */
    post: operations['changePages'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/admin/api/apps/{app}/pages/impact': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * What changes of page policies would do to the open connections; changes nothing
     * @description Needs the role `developer`.
     */
    post: operations['getPageImpact'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/admin/api/apps/{app}/pages/history': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * The versions of one page policy, or of all of them
     * @description Needs the role `viewer`.
     */
    get: operations['listPageHistory'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/admin/api/apps/{app}/pages/rollout': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * How many connections go by which version of each page policy, and have confirmed it
     * @description Needs the role `viewer`.
     */
    get: operations['getRollout'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/admin/api/apps/{app}/kinds': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * The kinds of broadcast: those of the app, and those that Belfry brings
     * @description Needs the role `viewer`.
     */
    get: operations['listKinds'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/admin/api/apps/{app}/kinds/{kind}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * One kind of the app, and what stops working without it
     * @description Needs the role `viewer`.
     */
    get: operations['getKind'];
    /**
     * Add a kind (`If-Match: "v0"`), or change one
     * @description Needs the role `developer`. Needs `If-Match` with the `ETag` of what it changes.
     */
    put: operations['putKind'];
    post?: never;
    /**
     * Take a kind away; what was stored under it stays, and what names it is refused
     * @description Needs the role `developer`. Needs `If-Match` with the `ETag` of what it changes.
     */
    delete: operations['deleteKind'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/admin/api/apps/{app}/message-types': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * The types of messages that are installed
     * @description Needs the role `viewer`.
     */
    get: operations['listMessageTypes'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/admin/api/apps/{app}/message-types/{type}/preview': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * How a content would read as a notification, and as each provider would cut it
     * @description Needs the role `viewer`.
     */
    post: operations['previewMessage'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/admin/api/apps/{app}/broadcasts/explain': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Who would get a broadcast now, where, and why; nothing is sent
     * @description Needs the role `developer`.
     */
    post: operations['explainBroadcast'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/admin/api/apps/{app}/broadcasts': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Send a broadcast to the recipients that were seen; developers to at most 100
     * @description Needs the role `developer`.
     */
    post: operations['sendBroadcast'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/admin/api/apps/{app}/journeys': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * What became of messages, the newest first; as a file with `format`
     * @description A page looks at 10,000 messages at most, so that it may have few of what is rare, or none, and a `nextCursor` all the same. `user` finds what they sent, and what was for them among at most 50. An entry follows what happens within seconds. `counts=1` adds how many there are among the newest 10,000, and with which reasons and kinds.
     *
     *     Needs the role `viewer`.
     */
    get: operations['listJourneys'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/admin/api/apps/{app}/journeys/{id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * What became of one message, and why; with `user` for them alone
     * @description Needs the role `viewer`.
     */
    get: operations['getJourneySeen'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/admin/api/apps/{app}/journeys/{id}/now': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * What would become of the same message if it were sent now; with `user` to them alone
     * @description Needs the role `viewer`.
     */
    get: operations['explainJourney'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/admin/api/apps/{app}/journeys/{id}/resend': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Send its content once more, as a new broadcast, to those it did not reach or to some of its recipients
     * @description Developers send to at most 100. The journey of the new one names this one in `resendOf`.
     *
     *     Needs the role `developer`.
     */
    post: operations['resendMessage'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/admin/api/apps/{app}/refusals': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Which clients were refused lately at all nodes, and why; each sort once, with how many
     * @description Needs the role `developer`.
     */
    get: operations['listRefusals'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/admin/api/apps/{app}/connecting': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * What a first client needs: pages, origins, tokens; and one that is connected
     * @description Needs the role `developer`.
     */
    get: operations['getConnecting'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/admin/api/apps/{app}/keys': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * The API keys of the app, without the keys themselves
     * @description Needs the role `admin`.
     */
    get: operations['listKeys'];
    put?: never;
    /**
     * Make an API key
     * @description Needs the role `admin`. Needs a password or code of the last 10 minutes.
     */
    post: operations['createKey'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/admin/api/apps/{app}/keys/{id}/rotate': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Make a key that takes over from this one, which ends after the overlap
     * @description Needs the role `admin`. Needs a password or code of the last 10 minutes.
     */
    post: operations['rotateKey'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/admin/api/apps/{app}/keys/{id}': {
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
     * Take an API key back: it is refused from then on
     * @description Needs the role `admin`. Needs a password or code of the last 10 minutes.
     */
    delete: operations['removeKey'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/admin/api/apps/{app}/signing': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * What user tokens are verified by: the names of secrets, and the address of an issuer's keys
     * @description Needs the role `admin`.
     */
    get: operations['getSigning'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/admin/api/apps/{app}/signing/secrets': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Make a signing secret, or take one that is given; it signs from then on, and the others verify
     * @description Needs the role `admin`. Needs a password or code of the last 10 minutes.
     */
    post: operations['createSigningSecret'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/admin/api/apps/{app}/signing/secrets/{kid}': {
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
     * Retire a signing secret: tokens that were made with it are refused from then on
     * @description Needs the role `admin`. Needs a password or code of the last 10 minutes.
     */
    delete: operations['removeSigningSecret'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/admin/api/apps/{app}/signing/jwks': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    /**
     * Set or take away the address of an own issuer's keys
     * @description Needs the role `admin`. Needs a password or code of the last 10 minutes.
     */
    put: operations['setJwksUrl'];
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/admin/api/apps/{app}/signing/jwks/check': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Fetch the keys at an address, and say which of them can be used; nothing is saved
     * @description Needs the role `admin`.
     */
    post: operations['checkJwksUrl'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/admin/api/apps/{app}/tokens/inspect': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Say why a user token is refused, check by check, and what to change where it is made
     * @description Needs the role `developer`.
     */
    post: operations['inspectToken'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/admin/api/apps/{app}/tokens': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Make a user token for a trial, good for 15 minutes at most; of a protected app while its playground is on
     * @description Needs the role `developer`.
     */
    post: operations['createTrialToken'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/admin/api/apps/{app}/connections': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Open connections on all nodes, with counts; as a file with `format`
     * @description Needs the role `viewer`.
     */
    get: operations['listConnections'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/admin/api/apps/{app}/connections/{id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * One connection; `details` are there where its node answers
     * @description Needs the role `viewer`.
     */
    get: operations['getConnection'];
    put?: never;
    post?: never;
    /**
     * Close a connection with 4507: it stays away until its user signs in anew
     * @description Needs the role `developer`.
     */
    delete: operations['disconnect'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/admin/api/apps/{app}/connections/{id}/goaway': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Ask a client to connect anew, as a server that is stopped does
     * @description Needs the role `developer`.
     */
    post: operations['askToReconnect'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/admin/api/apps/{app}/connections/{id}/test-event': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Send a `system_notification` to one connection; it is kept nowhere
     * @description Needs the role `developer`.
     */
    post: operations['sendTestEvent'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/admin/api/apps/{app}/connections/close': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Close all connections that fit a filter, or ask them to connect anew
     * @description Needs the role `admin`.
     */
    post: operations['closeConnections'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/admin/api/apps/{app}/views': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Look at a list that lives
     * @description Changes come as `view_delta` of the topic, gathered over half a second; `n` counts them. After a number that is missing, and after `view_reset`, the window is to be asked for again. A list that nobody hears for a minute is gone. `live` and `frames` are what passes: `rows`, of `seen` that there were; bodies are opened with an entry in the audit, unless the app shows them. `history` is what one connection did, as far as its node has kept it, and goes on to do: a row with the `n` of one before has taken its place; the one with `closed` is the last. `silent` are nodes that do not answer: theirs is missing.
     *
     *     Needs the role `viewer`.
     */
    post: operations['openView'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/admin/api/apps/{app}/views/{id}': {
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
     * Look no more
     * @description Needs the role `viewer`.
     */
    delete: operations['closeView'];
    options?: never;
    head?: never;
    /**
     * Look at another part of a list that lives
     * @description Needs the role `viewer`.
     */
    patch: operations['moveView'];
    trace?: never;
  };
  '/admin/api/apps/{app}/users': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Users of the app, by the beginning of a word of id or name; as a file with `format`
     * @description `counts=1` adds how many there are, exact up to 10000, or up to 1000 of those that `q` finds.
     *
     *     Needs the role `viewer`.
     */
    get: operations['listUsers'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/admin/api/apps/{app}/users/{id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * What is known of a user; of one who was never seen, nothing
     * @description Needs the role `viewer`.
     */
    get: operations['getUser'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/admin/api/apps/{app}/users/{id}/connections': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * The open connections of a user, on all nodes
     * @description Needs the role `viewer`.
     */
    get: operations['listUserConnections'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/admin/api/apps/{app}/users/{id}/devices': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * The push targets of a user, without the targets themselves
     * @description Needs the role `viewer`.
     */
    get: operations['listUserDevices'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/admin/api/apps/{app}/users/{id}/preferences': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * What a user wants of pushes
     * @description Needs the role `viewer`.
     */
    get: operations['getUserPreferences'];
    /**
     * Change them: what is given is changed, `null` takes it away, the rest stays
     * @description Needs the role `developer`.
     */
    put: operations['changeUserPreferences'];
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/admin/api/apps/{app}/users/{id}/decisions': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * What became of the newest messages for a user, and why
     * @description Needs the role `viewer`.
     */
    get: operations['listUserDecisions'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/admin/api/apps/{app}/users/{id}/conversations': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * The conversations that a user is in, the latest active first
     * @description Needs the role `viewer`.
     */
    get: operations['listUserConversations'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/admin/api/apps/{app}/users/{id}/sign-out': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Close all connections of a user, and refuse tokens that were made before
     * @description Needs the role `developer`.
     */
    post: operations['signOutUser'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/admin/api/apps/{app}/devices/{id}': {
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
     * Remove a push target
     * @description Needs the role `developer`.
     */
    delete: operations['removeDevice'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/admin/api/apps/{app}/conversations': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Conversations by words of id or title, or by who is in them, newest activity first; as a file with `format`
     * @description Needs the role `viewer`.
     */
    get: operations['listConversations'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/admin/api/apps/{app}/conversations/{id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * A conversation, and whether what is said in it is shown to whoever asks
     * @description Needs the role `viewer`.
     */
    get: operations['getConversation'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/admin/api/apps/{app}/conversations/{id}/participants': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Who is in a conversation, in the order in which they joined
     * @description Needs the role `viewer`.
     */
    get: operations['listConversationParticipants'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/admin/api/apps/{app}/conversations/{id}/cursors': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * How far each participant is: delivered, seen, read, pushed. `groups` are of all of them
     * @description Needs the role `viewer`.
     */
    get: operations['listConversationCursors'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/admin/api/apps/{app}/conversations/{id}/participants/{user}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    /**
     * Take a user into a conversation, or replace their role in it
     * @description Needs the role `developer`.
     */
    put: operations['putConversationParticipant'];
    post?: never;
    /**
     * Take a user out of a conversation
     * @description Needs the role `developer`.
     */
    delete: operations['removeConversationParticipant'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/admin/api/apps/{app}/conversations/{id}/messages': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * The messages of a conversation, oldest first; without bounds the newest; the whole log as a file with `format`
     * @description Needs the role `viewer`.
     */
    get: operations['listConversationMessages'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/admin/api/apps/{app}/messages/{id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * One message that is kept, of a conversation or of inboxes, with what it says as far as it is shown
     * @description Needs the role `viewer`.
     */
    get: operations['getMessageSeen'];
    put?: never;
    post?: never;
    /**
     * Empty a message of a conversation; its place stays
     * @description Needs the role `admin`.
     */
    delete: operations['deleteMessage'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/admin/api/apps/{app}/conversations/{id}/notices/explain': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * What a notice to all in a conversation would do now, without sending it
     * @description Needs the role `developer`.
     */
    post: operations['explainNotice'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/admin/api/apps/{app}/conversations/{id}/notices': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Say something to all in a conversation, as the system: a `system_notification` in its log
     * @description Needs the role `developer`.
     */
    post: operations['sendNotice'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/admin/api/apps/{app}/playground': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Whether two people can be tried in this app from a page of `origin`, and what else works
     * @description Needs the role `developer`.
     */
    get: operations['getPlayground'];
    /**
     * Turn the playground of a protected app on for an hour, or off
     * @description Needs the role `admin`.
     */
    put: operations['switchPlayground'];
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/admin/api/apps/{app}/playground/conversation': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Make the caller's own conversation to try things in, or add users to it
     * @description Needs the role `developer`.
     */
    post: operations['makePlaygroundConversation'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/admin/api/apps/{app}/playground/phones/{id}/pushes': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * What a pretend phone was shown by the node that is asked, since it was asked about first
     * @description Needs the role `developer`.
     */
    get: operations['listShownPushes'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/admin/api/apps/{app}/metrics': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * How busy the app was: by second and minute in the last hour, coarser in the last 7 days
     * @description The time is `range` until `to`, or until now; or from `from` to `to`. Steps are of 10 s within the last hour, else of 1 min up to 6 h, 5 min up to 24 h, 30 min above. Of a minute in which nobody was there and nothing happened there is no point. `messages` and `events` are by the second, `pushes` by the minute. `funnel` counts each person once for each message that may be pushed to them, and what became of it when that was known.
     *
     *     Needs the role `viewer`.
     */
    get: operations['getAppMetrics'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/admin/api/apps/{app}/nodes': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * The nodes that are there, and how many connections of the app each has
     * @description Needs the role `viewer`.
     */
    get: operations['listAppNodes'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/admin/api/apps/{app}/providers': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * The notification providers of the app, and whether pushes go through them
     * @description Needs the role `viewer`.
     */
    get: operations['listProviders'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/admin/api/apps/{app}/providers/{id}/resume': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Send through a paused provider again
     * @description Needs the role `developer`.
     */
    post: operations['resumeProvider'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/admin/api/apps/{app}/webhooks': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * The outgoing webhooks of the app, and whether their calls come through
     * @description Needs the role `viewer`.
     */
    get: operations['listWebhooks'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/admin/api/apps/{app}/webhooks/{id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * One of them
     * @description Needs the role `viewer`.
     */
    get: operations['getWebhook'];
    /**
     * Make an outgoing webhook (`If-Match: "v0"`), or replace its settings
     * @description Needs the role `developer`. Needs `If-Match` with the `ETag` of what it changes.
     */
    put: operations['putWebhook'];
    post?: never;
    /**
     * Take an outgoing webhook away, with its events
     * @description Needs the role `developer`. Needs `If-Match` with the `ETag` of what it changes.
     */
    delete: operations['removeWebhook'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/admin/api/apps/{app}/webhooks/{id}/rotate': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Give it a new secret; requests are signed with the old one too for a while
     * @description Needs the role `admin`. Needs a password or code of the last 10 minutes.
     */
    post: operations['rotateWebhookSecret'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/admin/api/apps/{app}/webhooks/{id}/pause': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Send nothing for now; events wait
     * @description Needs the role `developer`. Needs `If-Match` with the `ETag` of what it changes.
     */
    post: operations['pauseWebhook'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/admin/api/apps/{app}/webhooks/{id}/resume': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Send again, also to one that was switched off; what waited is sent now
     * @description Needs the role `developer`. Needs `If-Match` with the `ETag` of what it changes.
     */
    post: operations['resumeWebhook'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/admin/api/apps/{app}/webhooks/{id}/test': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Send it an event to try it, and say what came of it
     * @description Needs the role `developer`.
     */
    post: operations['tryWebhook'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/admin/api/apps/{app}/webhooks/{id}/events': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * The events that are kept for it, newest first, with every attempt
     * @description Needs the role `viewer`.
     */
    get: operations['listWebhookEvents'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/admin/api/apps/{app}/webhooks/{id}/events/{eventId}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * One of them, with what it says: an entry in the audit, unless the app shows its content
     * @description Needs the role `developer`.
     */
    get: operations['getWebhookEvent'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/admin/api/apps/{app}/webhooks/{id}/events/{eventId}/replay': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Send one of them again, under its id
     * @description Needs the role `developer`.
     */
    post: operations['replayWebhookEvent'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/admin/api/apps/{app}/webhooks/{id}/replay/impact': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * How many events a replay would send; sends none
     * @description Needs the role `developer`.
     */
    post: operations['getWebhookReplayImpact'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/admin/api/apps/{app}/webhooks/{id}/replay': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Send all that failed again, or all of a range
     * @description Needs the role `developer`.
     */
    post: operations['replayWebhookEvents'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/admin/api/jobs/{id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** How far it is; known for an hour after its end */
    get: operations['getJob'];
    put?: never;
    post?: never;
    /** Stop it; what is done stays done */
    delete: operations['stopJob'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/admin/api/openapi.json': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** This document */
    get: operations['getDocument'];
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
    Problem: {
      type: string;
      title: string;
      status: number;
      /** @enum {string} */
      code:
        | 'bad_request'
        | 'bad_cursor'
        | 'unauthorized'
        | 'bad_token'
        | 'token_expired'
        | 'forbidden'
        | 'csrf'
        | 'confirm_needed'
        | 'content_hidden'
        | 'feature_disabled'
        | 'page_disabled'
        | 'not_found'
        | 'method_not_allowed'
        | 'request_timeout'
        | 'conflict'
        | 'idempotency_conflict'
        | 'managed_by_file'
        | 'setup_done'
        | 'impact_changed'
        | 'message_deleted'
        | 'precondition_failed'
        | 'too_large'
        | 'quota_exceeded'
        | 'unsupported_media_type'
        | 'invalid_body'
        | 'invalid_content'
        | 'invalid_target'
        | 'mapping_failed'
        | 'message_rejected'
        | 'unknown_action'
        | 'unknown_kind'
        | 'unknown_message_type'
        | 'unknown_provider'
        | 'bad_ack'
        | 'too_many'
        | 'precondition_required'
        | 'rate_limited'
        | 'internal'
        | 'overloaded'
        | 'unavailable';
      detail: string;
      /** @description Leads to the offending part of the request. */
      path?: (string | number)[];
      requestId: string;
      /** @description When to try again. */
      afterMs?: number;
    };
    Session: {
      account: components['schemas']['Account'];
      tenants: components['schemas']['TenantOfSession'][];
      operator: boolean;
      csrf: string;
      /**
       * Format: date-time
       * @description A time in UTC, with milliseconds.
       * @example 2026-01-31T12:00:00.000Z
       */
      expiresAt: string;
      /**
       * Format: date-time
       * @description A time in UTC, with milliseconds.
       * @example 2026-01-31T12:00:00.000Z
       */
      idleUntil: string;
      /**
       * Format: date-time
       * @description A time in UTC, with milliseconds.
       * @example 2026-01-31T12:00:00.000Z
       */
      confirmedUntil: string;
      server: {
        version: string;
        /** @enum {string} */
        engine: 'embedded' | 'cluster';
        /**
         * Format: date-time
         * @description A time in UTC, with milliseconds.
         * @example 2026-01-31T12:00:00.000Z
         */
        time: string;
        publicUrl: string | null;
        playground: string | null;
      };
      live: {
        app: string;
        url: string;
      };
    };
    Account: {
      id: string;
      email: string;
      name: string;
      locale: string;
      theme: string;
      timeZone: string;
      density: string;
      singleKeys: boolean;
      bell: string[];
      operator: boolean;
      totp: boolean;
      recoveryCodesLeft: number;
      version: number;
      /**
       * Format: date-time
       * @description A time in UTC, with milliseconds.
       * @example 2026-01-31T12:00:00.000Z
       */
      createdAt: string;
    };
    TenantOfSession: {
      id: string;
      name: string;
      role: components['schemas']['Role'];
      apps: components['schemas']['AppName'][];
    };
    /** @enum {string} */
    Role: 'viewer' | 'developer' | 'admin' | 'owner';
    AppName: {
      app: string;
      name: string;
      disabled: boolean;
      protected: boolean;
    };
    SignedOut: {
      setupNeeded: boolean;
    };
    CodeWanted: {
      /** @enum {string} */
      next: 'code';
      challenge: string;
    };
    LiveToken: {
      app: string;
      token: string;
      /**
       * Format: date-time
       * @description A time in UTC, with milliseconds.
       * @example 2026-01-31T12:00:00.000Z
       */
      expiresAt: string;
    };
    OwnSession: {
      id: string;
      current: boolean;
      /**
       * Format: date-time
       * @description A time in UTC, with milliseconds.
       * @example 2026-01-31T12:00:00.000Z
       */
      createdAt: string;
      /**
       * Format: date-time
       * @description A time in UTC, with milliseconds.
       * @example 2026-01-31T12:00:00.000Z
       */
      lastUsedAt: string;
      address: string;
      agent: string;
    };
    OwnTenant: {
      id: string;
      name: string;
      managed: boolean;
      requireTotpFrom: components['schemas']['Role'] & (string | null);
      version: number;
      role?: components['schemas']['Role'];
    };
    Tenant: {
      id: string;
      name: string;
      managed: boolean;
      requireTotpFrom: components['schemas']['Role'] & (string | null);
      version: number;
    };
    Member: {
      account: string;
      name: string;
      email: string;
      role: components['schemas']['Role'];
      totp: boolean;
      /**
       * Format: date-time
       * @description A time in UTC, with milliseconds.
       * @example 2026-01-31T12:00:00.000Z
       */
      since: string;
      /**
       * Format: date-time
       * @description A time in UTC, with milliseconds.
       * @example 2026-01-31T12:00:00.000Z
       */
      lastUsedAt: string | null;
      version: number;
      changedBy: string;
      /**
       * Format: date-time
       * @description A time in UTC, with milliseconds.
       * @example 2026-01-31T12:00:00.000Z
       */
      changedAt: string;
    };
    Total: {
      value: number;
      atLeast?: boolean;
    };
    Link: {
      link: string;
      /**
       * Format: date-time
       * @description A time in UTC, with milliseconds.
       * @example 2026-01-31T12:00:00.000Z
       */
      expiresAt: string;
    };
    Invitation: {
      id: string;
      label: string;
      role: components['schemas']['Role'];
      createdBy: string;
      /**
       * Format: date-time
       * @description A time in UTC, with milliseconds.
       * @example 2026-01-31T12:00:00.000Z
       */
      createdAt: string;
      /**
       * Format: date-time
       * @description A time in UTC, with milliseconds.
       * @example 2026-01-31T12:00:00.000Z
       */
      expiresAt: string;
    };
    InvitationLink: {
      link: string;
      /**
       * Format: date-time
       * @description A time in UTC, with milliseconds.
       * @example 2026-01-31T12:00:00.000Z
       */
      expiresAt: string;
      id: string;
    };
    Invited: {
      label: string;
      role: components['schemas']['Role'];
      tenant: string;
      createdBy: string;
      /**
       * Format: date-time
       * @description A time in UTC, with milliseconds.
       * @example 2026-01-31T12:00:00.000Z
       */
      expiresAt: string;
    };
    AuditEntry: {
      id: string;
      /**
       * Format: date-time
       * @description A time in UTC, with milliseconds.
       * @example 2026-01-31T12:00:00.000Z
       */
      at: string;
      actor: {
        /** @enum {string} */
        type: 'account' | 'api_key' | 'file' | 'belfry' | 'nobody';
        id: string;
        name: string;
      };
      /** @enum {string} */
      via: 'console' | 'api_key' | 'file' | 'belfry';
      action: string;
      tenant: string;
      app?: string;
      object: {
        type: string;
        id: string;
      };
      before?: {
        [key: string]: unknown;
      };
      after?: {
        [key: string]: unknown;
      };
      address: string;
      requestId: string;
    };
    Template: {
      id: string;
      name: string;
      description: string;
      pages: {
        pattern: string;
        enabled: boolean;
        /** @default true */
        requireAuth: boolean;
        /** @default true */
        autoConnect: boolean;
        /** @default default */
        connectionType: string;
        /** @default [] */
        features: string[];
        requireRoles?: string[];
        topics?: string[];
        presenceTopics?: string[];
        /** @enum {string} */
        presence?: 'shared' | 'everyone';
      }[];
      kinds: components['schemas']['Kind'][];
      settings: {
        waitMs?: number;
        /** @enum {string} */
        deliveredMeans?: 'attended' | 'visible' | 'any';
        retentionMs?: number;
        journeyRetentionMs?: number;
        pushQuota?: {
          perMinute?: number;
          perDay?: number;
        };
        fallbacks?: {
          /** @enum {string} */
          after: 'no_device' | 'failed' | 'not_opened';
          afterMs: number;
          /** @enum {string} */
          channel?: 'push' | 'email' | 'sms' | 'chat' | 'webhook';
          /**
           * @description An id that the app chooses.
           * @example ward-7
           */
          provider?: string;
          kinds?: string[];
          priorities?: ('low' | 'normal' | 'high' | 'urgent')[];
        }[];
        uploads?: {
          enabled?: boolean;
          maxBytes?: number;
          types?: string[];
          quotaBytes?: number;
          unusedKeepMs?: number;
        };
      };
    };
    Kind: {
      /**
       * @description The name of a kind of broadcast.
       * @example lab_result
       */
      kind: string;
      /**
       * @description The name under which clients get the event.
       * @example lab_result
       */
      action: string;
      /** @enum {string} */
      audience: 'conversation' | 'inbox' | 'users' | 'topic' | 'everyone';
      /** @default false */
      durable: ('conversation' | 'inbox') | false;
      feature?: string;
      sentBy?: components['schemas']['SentBy'];
      /** @default {} */
      policy: {
        realtime?: ('all' | 'none') | ('mobile' | 'desktop' | 'tablet')[];
        /** @enum {string} */
        push?: 'never' | 'undelivered' | 'always';
        pushTo?: 'all' | ('mobile' | 'desktop' | 'tablet')[];
        waitMs?: number;
        ttlSeconds?: number;
        /** @enum {string} */
        priority?: 'low' | 'normal' | 'high' | 'urgent';
        collapseKey?: string;
        respectPreferences?: boolean;
      };
    };
    SentBy: {
      /** @default true */
      backEnds: boolean;
      /** @default true */
      hooks: boolean;
      /** @default false */
      users: boolean | string[];
    };
    ListedApp: {
      app: string;
      tenant: string;
      name: string;
      disabled: boolean;
      protected: boolean;
      /** @enum {string} */
      contentInConsole: 'shown' | 'audited' | 'hidden';
      allowedOrigins: string[];
      settings: {
        waitMs: number;
        /** @enum {string} */
        deliveredMeans: 'attended' | 'visible' | 'any';
        retentionMs: number;
        journeyRetentionMs: number;
        pushQuota?: {
          perMinute?: number;
          perDay?: number;
        };
        fallbacks?: {
          /** @enum {string} */
          after: 'no_device' | 'failed' | 'not_opened';
          afterMs: number;
          /** @enum {string} */
          channel?: 'push' | 'email' | 'sms' | 'chat' | 'webhook';
          /**
           * @description An id that the app chooses.
           * @example ward-7
           */
          provider?: string;
          kinds?: string[];
          priorities?: ('low' | 'normal' | 'high' | 'urgent')[];
        }[];
        uploads?: {
          enabled?: boolean;
          maxBytes?: number;
          types?: string[];
          quotaBytes?: number;
          unusedKeepMs?: number;
        };
      };
      limits: {
        connections: number;
        requestsPerMinute: number;
      };
      managed: boolean;
      version: number;
      /**
       * Format: date-time
       * @description A time in UTC, with milliseconds.
       * @example 2026-01-31T12:00:00.000Z
       */
      createdAt: string;
      /**
       * Format: date-time
       * @description A time in UTC, with milliseconds.
       * @example 2026-01-31T12:00:00.000Z
       */
      changedAt: string;
      changedBy: string;
      connections: number;
    };
    NewApp: {
      app: components['schemas']['App'];
      apiKey: string;
      signing: {
        kid: string;
      };
    };
    App: {
      app: string;
      tenant: string;
      name: string;
      disabled: boolean;
      protected: boolean;
      /** @enum {string} */
      contentInConsole: 'shown' | 'audited' | 'hidden';
      allowedOrigins: string[];
      settings: {
        waitMs: number;
        /** @enum {string} */
        deliveredMeans: 'attended' | 'visible' | 'any';
        retentionMs: number;
        journeyRetentionMs: number;
        pushQuota?: {
          perMinute?: number;
          perDay?: number;
        };
        fallbacks?: {
          /** @enum {string} */
          after: 'no_device' | 'failed' | 'not_opened';
          afterMs: number;
          /** @enum {string} */
          channel?: 'push' | 'email' | 'sms' | 'chat' | 'webhook';
          /**
           * @description An id that the app chooses.
           * @example ward-7
           */
          provider?: string;
          kinds?: string[];
          priorities?: ('low' | 'normal' | 'high' | 'urgent')[];
        }[];
        uploads?: {
          enabled?: boolean;
          maxBytes?: number;
          types?: string[];
          quotaBytes?: number;
          unusedKeepMs?: number;
        };
      };
      limits: {
        connections: number;
        requestsPerMinute: number;
      };
      managed: boolean;
      version: number;
      /**
       * Format: date-time
       * @description A time in UTC, with milliseconds.
       * @example 2026-01-31T12:00:00.000Z
       */
      createdAt: string;
      /**
       * Format: date-time
       * @description A time in UTC, with milliseconds.
       * @example 2026-01-31T12:00:00.000Z
       */
      changedAt: string;
      changedBy: string;
    };
    OwnApp: {
      app: string;
      tenant: string;
      name: string;
      disabled: boolean;
      protected: boolean;
      /** @enum {string} */
      contentInConsole: 'shown' | 'audited' | 'hidden';
      allowedOrigins: string[];
      settings: {
        waitMs: number;
        /** @enum {string} */
        deliveredMeans: 'attended' | 'visible' | 'any';
        retentionMs: number;
        journeyRetentionMs: number;
        pushQuota?: {
          perMinute?: number;
          perDay?: number;
        };
        fallbacks?: {
          /** @enum {string} */
          after: 'no_device' | 'failed' | 'not_opened';
          afterMs: number;
          /** @enum {string} */
          channel?: 'push' | 'email' | 'sms' | 'chat' | 'webhook';
          /**
           * @description An id that the app chooses.
           * @example ward-7
           */
          provider?: string;
          kinds?: string[];
          priorities?: ('low' | 'normal' | 'high' | 'urgent')[];
        }[];
        uploads?: {
          enabled?: boolean;
          maxBytes?: number;
          types?: string[];
          quotaBytes?: number;
          unusedKeepMs?: number;
        };
      };
      limits: {
        connections: number;
        requestsPerMinute: number;
      };
      managed: boolean;
      version: number;
      /**
       * Format: date-time
       * @description A time in UTC, with milliseconds.
       * @example 2026-01-31T12:00:00.000Z
       */
      createdAt: string;
      /**
       * Format: date-time
       * @description A time in UTC, with milliseconds.
       * @example 2026-01-31T12:00:00.000Z
       */
      changedAt: string;
      changedBy: string;
      role: components['schemas']['Role'];
      defaults: {
        settings: {
          waitMs: number;
          /** @enum {string} */
          deliveredMeans: 'attended' | 'visible' | 'any';
          retentionMs: number;
          journeyRetentionMs: number;
          pushQuota?: {
            perMinute?: number;
            perDay?: number;
          };
          fallbacks?: {
            /** @enum {string} */
            after: 'no_device' | 'failed' | 'not_opened';
            afterMs: number;
            /** @enum {string} */
            channel?: 'push' | 'email' | 'sms' | 'chat' | 'webhook';
            /**
             * @description An id that the app chooses.
             * @example ward-7
             */
            provider?: string;
            kinds?: string[];
            priorities?: ('low' | 'normal' | 'high' | 'urgent')[];
          }[];
          uploads?: {
            enabled?: boolean;
            maxBytes?: number;
            types?: string[];
            quotaBytes?: number;
            unusedKeepMs?: number;
          };
        };
        limits: {
          connections: number;
          requestsPerMinute: number;
        };
      };
    };
    AppUsage: {
      connections: number;
      users: number;
      uploads: {
        count: number;
        bytes: number;
      };
    };
    Impact: {
      connections: number;
      users: number;
    };
    Job: {
      id: string;
      /** @enum {string} */
      state: 'running' | 'done' | 'stopped' | 'failed';
      done: number;
      of: number;
      skipped: {
        reason: string;
        count: number;
      }[];
    };
    Pages: {
      pages: components['schemas']['Page'][];
      features: components['schemas']['Feature'][];
    };
    Page: {
      pattern: string;
      enabled: boolean;
      requireAuth: boolean;
      autoConnect: boolean;
      connectionType: string;
      features: string[];
      version: number;
      requireRoles?: string[];
      topics?: string[];
      presenceTopics?: string[];
      /** @enum {string} */
      presence?: 'shared' | 'everyone';
      changedBy: string;
      /**
       * Format: date-time
       * @description A time in UTC, with milliseconds.
       * @example 2026-01-31T12:00:00.000Z
       */
      changedAt: string;
      managed: boolean;
    };
    Feature: {
      name: string;
      /** @enum {string} */
      from: 'belfry' | 'kind' | 'message_type';
      commands: string[];
      events: string[];
      messageTypes: string[];
    };
    ChangedPage: {
      pattern: string;
      version: number;
      page?: components['schemas']['Page'];
    };
    PageImpact: {
      connections: number;
      users: number;
      closed: {
        connections: number;
        users: number;
      };
      features: {
        feature: string;
        taken: number;
        given: number;
      }[];
    };
    PageVersion: {
      pattern: string;
      version: number;
      /**
       * Format: date-time
       * @description A time in UTC, with milliseconds.
       * @example 2026-01-31T12:00:00.000Z
       */
      at: string;
      by: string;
      /** @enum {string} */
      via?: 'console' | 'api_key' | 'file' | 'belfry';
      note?: string;
      removed: boolean;
      policy: components['schemas']['PageContent'];
    };
    PageContent: {
      enabled: boolean;
      requireAuth: boolean;
      autoConnect: boolean;
      connectionType: string;
      features: string[];
      requireRoles?: string[];
      topics?: string[];
      presenceTopics?: string[];
      /** @enum {string} */
      presence?: 'shared' | 'everyone';
    };
    Rollout: {
      pages: components['schemas']['PageRollout'][];
      unheard: number;
    };
    PageRollout: {
      pattern: string;
      versions: {
        version: number;
        confirmed: number;
        enforced: number;
        silent: number;
      }[];
    };
    Kinds: {
      kinds: components['schemas']['OwnKind'][];
      builtIn: components['schemas']['BuiltInKind'][];
    };
    OwnKind: {
      kind: string;
      /**
       * @description The name under which clients get the event.
       * @example lab_result
       */
      action: string;
      /** @enum {string} */
      audience: 'conversation' | 'inbox' | 'users' | 'topic' | 'everyone';
      /** @default false */
      durable: ('conversation' | 'inbox') | false;
      feature?: string;
      sentBy?: components['schemas']['SentBy'];
      /** @default {} */
      policy: {
        realtime?: ('all' | 'none') | ('mobile' | 'desktop' | 'tablet')[];
        /** @enum {string} */
        push?: 'never' | 'undelivered' | 'always';
        pushTo?: 'all' | ('mobile' | 'desktop' | 'tablet')[];
        waitMs?: number;
        ttlSeconds?: number;
        /** @enum {string} */
        priority?: 'low' | 'normal' | 'high' | 'urgent';
        collapseKey?: string;
        respectPreferences?: boolean;
      };
      version: number;
      managed: boolean;
      hours: number[];
      hooks: string[];
    };
    BuiltInKind: {
      kind: string;
      action: string;
      audience: ('conversation' | 'users' | 'topic' | 'everyone')[];
      durable: ('conversation' | 'inbox' | 'audience') | false;
      /** @enum {string} */
      carries: 'message' | 'notice' | 'typing' | 'read' | 'anything';
      needsSender: boolean;
      sentBy: components['schemas']['SentBy'];
      policy: {
        realtime?: ('all' | 'none') | ('mobile' | 'desktop' | 'tablet')[];
        /** @enum {string} */
        push?: 'never' | 'undelivered' | 'always';
        pushTo?: 'all' | ('mobile' | 'desktop' | 'tablet')[];
        waitMs?: number;
        ttlSeconds?: number;
        /** @enum {string} */
        priority?: 'low' | 'normal' | 'high' | 'urgent';
        collapseKey?: string;
        respectPreferences?: boolean;
      };
      hours: number[];
    };
    MessageTypeForm: {
      type: string;
      name: string;
      description?: string;
      feature?: string;
      maxBytes: number;
      /**
       * @description A JSON object whose fields are not those of Belfry.
       * @example {
       *       "ward": "7"
       *     }
       */
      schema?: {
        [key: string]: unknown;
      };
    };
    PushPreview: {
      title: string;
      body: string;
      perProvider: {
        provider: string;
        plugin: string;
        /** @enum {string} */
        state: 'on' | 'off' | 'paused';
        title: string;
        body: string;
        cut: boolean;
      }[];
    };
    BroadcastExplanation: {
      /**
       * Format: date-time
       * @description A time in UTC, with milliseconds.
       * @example 2026-01-31T12:00:00.000Z
       */
      at: string;
      total: number;
      reach: {
        visible: number;
        hidden: number;
        away: number;
      };
      recipients: {
        /**
         * @description The id of a user, as the app names them: 1 to 128 printable characters.
         * @example ann
         */
        userId: string;
        /** @enum {string} */
        reason?:
          | 'sent'
          | 'acked'
          | 'acked_hidden'
          | 'no_connection'
          | 'device_type_excluded'
          | 'feature_off_on_page'
          | 'slow_consumer'
          | 'excluded_sender'
          | 'not_a_member';
        /** @enum {string} */
        pushReason?:
          | 'waiting_for_ack'
          | 'cancelled_acked'
          | 'cancelled_read'
          | 'queued'
          | 'accepted_by_provider'
          | 'delivered'
          | 'delivery_failed'
          | 'opened'
          | 'retrying'
          | 'expired_ttl'
          | 'no_device'
          | 'no_provider_for_device'
          | 'target_gone'
          | 'payload_rejected'
          | 'credentials_rejected'
          | 'quota'
          | 'muted'
          | 'mentions_only'
          | 'quiet_hours_deferred'
          | 'preference_off'
          | 'not_a_member'
          | 'policy_never'
          | 'fallback_waiting'
          | 'fallback_from'
          | 'fallback_not_needed'
          | 'collapsed_into';
        preference?: {
          /** @enum {string} */
          by: 'mute' | 'level' | 'quiet_hours';
          ofConversation: boolean;
          /**
           * Format: date-time
           * @description A time in UTC, with milliseconds.
           * @example 2026-01-31T12:00:00.000Z
           */
          until?: string;
        };
        realtime: {
          /**
           * Format: uuid
           * @description An id that Belfry made.
           * @example 01890a5d-ac96-774b-bcce-b302099a8057
           */
          connectionId: string;
          /**
           * @description The sort of device.
           * @example desktop
           * @enum {string}
           */
          deviceType: 'mobile' | 'desktop' | 'tablet';
          page: string;
          /** @enum {string} */
          reason:
            | 'sent'
            | 'acked'
            | 'acked_hidden'
            | 'no_connection'
            | 'device_type_excluded'
            | 'feature_off_on_page'
            | 'slow_consumer'
            | 'excluded_sender'
            | 'not_a_member';
          pagePattern?: string;
          pageVersion?: number;
          visible?: boolean;
          attended?: boolean;
        }[];
        push: {
          /**
           * Format: uuid
           * @description An id that Belfry made.
           * @example 01890a5d-ac96-774b-bcce-b302099a8057
           */
          deviceId: string;
          provider: string;
          /**
           * @description The sort of device.
           * @example desktop
           * @enum {string}
           */
          deviceType: 'mobile' | 'desktop' | 'tablet';
          /** @enum {string} */
          reason:
            | 'waiting_for_ack'
            | 'cancelled_acked'
            | 'cancelled_read'
            | 'queued'
            | 'accepted_by_provider'
            | 'delivered'
            | 'delivery_failed'
            | 'opened'
            | 'retrying'
            | 'expired_ttl'
            | 'no_device'
            | 'no_provider_for_device'
            | 'target_gone'
            | 'payload_rejected'
            | 'credentials_rejected'
            | 'quota'
            | 'muted'
            | 'mentions_only'
            | 'quiet_hours_deferred'
            | 'preference_off'
            | 'not_a_member'
            | 'policy_never'
            | 'fallback_waiting'
            | 'fallback_from'
            | 'fallback_not_needed'
            | 'collapsed_into';
          /**
           * @description A place in a stream.
           * @example 7
           */
          seq?: number;
          /** @enum {string} */
          from?: 'no_device' | 'failed' | 'not_opened';
          afterMs?: number;
        }[];
      }[];
      counts: components['schemas']['ReasonCounts'];
      event: {
        action: string;
        /**
         * @description A JSON object whose fields are not those of Belfry.
         * @example {
         *       "ward": "7"
         *     }
         */
        data: {
          [key: string]: unknown;
        };
      };
      kept: ('conversation' | 'inbox' | 'audience') | false;
      policy: components['schemas']['WholePolicy'];
      preview?: components['schemas']['PushPreview'];
    };
    ReasonCounts: {
      sent?: number;
      acked?: number;
      acked_hidden?: number;
      no_connection?: number;
      device_type_excluded?: number;
      feature_off_on_page?: number;
      slow_consumer?: number;
      excluded_sender?: number;
      not_a_member?: number;
      waiting_for_ack?: number;
      cancelled_acked?: number;
      cancelled_read?: number;
      queued?: number;
      accepted_by_provider?: number;
      delivered?: number;
      delivery_failed?: number;
      opened?: number;
      retrying?: number;
      expired_ttl?: number;
      no_device?: number;
      no_provider_for_device?: number;
      target_gone?: number;
      payload_rejected?: number;
      credentials_rejected?: number;
      quota?: number;
      muted?: number;
      mentions_only?: number;
      quiet_hours_deferred?: number;
      preference_off?: number;
      policy_never?: number;
      fallback_waiting?: number;
      fallback_from?: number;
      fallback_not_needed?: number;
      collapsed_into?: number;
    };
    WholePolicy: {
      /** @default all */
      realtime: ('all' | 'none') | ('mobile' | 'desktop' | 'tablet')[];
      /**
       * @default undelivered
       * @enum {string}
       */
      push: 'never' | 'undelivered' | 'always';
      /** @default all */
      pushTo: 'all' | ('mobile' | 'desktop' | 'tablet')[];
      waitMs?: number;
      /** @default 86400 */
      ttlSeconds: number;
      /**
       * @default normal
       * @enum {string}
       */
      priority: 'low' | 'normal' | 'high' | 'urgent';
      collapseKey?: string;
      /** @default true */
      respectPreferences: boolean;
      connectionTypes?: string[];
      feature?: string;
    };
    BroadcastRequest: {
      /**
       * @description The name of a kind of broadcast.
       * @example lab_result
       */
      kind?: string;
      /**
       * @description The name under which clients get the event.
       * @example lab_result
       */
      action?: string;
      policy?: components['schemas']['DeliveryPolicy'];
      /**
       * @description A JSON object whose fields are not those of Belfry.
       * @example {
       *       "ward": "7"
       *     }
       */
      data: {
        [key: string]: unknown;
      };
      audience: components['schemas']['Audience'];
      /**
       * @description The id of a user, as the app names them: 1 to 128 printable characters.
       * @example ann
       */
      sender?: string;
      /**
       * @description An id that the sender chooses for this one request. The same id sent again is the same request.
       * @example order-4711
       */
      idempotencyKey?: string;
      targetUserIds?: string[];
      exclude?: string[];
    };
    DeliveryPolicy: {
      /** @default all */
      realtime: ('all' | 'none') | ('mobile' | 'desktop' | 'tablet')[];
      /**
       * @default undelivered
       * @enum {string}
       */
      push: 'never' | 'undelivered' | 'always';
      /** @default all */
      pushTo: 'all' | ('mobile' | 'desktop' | 'tablet')[];
      waitMs?: number;
      /** @default 86400 */
      ttlSeconds: number;
      /**
       * @default normal
       * @enum {string}
       */
      priority: 'low' | 'normal' | 'high' | 'urgent';
      collapseKey?: string;
      /** @default true */
      respectPreferences: boolean;
    };
    Audience:
      | {
          /**
           * @description The id of a conversation.
           * @example ward-7
           */
          conversation: string;
          deviceTypes?: ('mobile' | 'desktop' | 'tablet')[];
          connectionTypes?: string[];
        }
      | {
          users: string[];
          deviceTypes?: ('mobile' | 'desktop' | 'tablet')[];
          connectionTypes?: string[];
        }
      | {
          /**
           * @description The name of a topic.
           * @example bed-plan
           */
          topic: string;
          deviceTypes?: ('mobile' | 'desktop' | 'tablet')[];
          connectionTypes?: string[];
        }
      | {
          /** @enum {boolean} */
          everyone: true;
          deviceTypes?: ('mobile' | 'desktop' | 'tablet')[];
          connectionTypes?: string[];
        };
    BroadcastResult: {
      /**
       * Format: uuid
       * @description An id that Belfry made.
       * @example 01890a5d-ac96-774b-bcce-b302099a8057
       */
      id: string;
      /**
       * @description The name of an ordered log: `c:` and a conversation, or `i:` and a user.
       * @example c:ward-7
       */
      stream?: string;
      /**
       * @description A place in a stream.
       * @example 7
       */
      seq?: number;
      duplicate: boolean;
      recipients: number;
      connections: number;
      decisions: components['schemas']['ReasonCounts'];
    };
    JourneyRow: {
      /**
       * Format: uuid
       * @description An id that Belfry made.
       * @example 01890a5d-ac96-774b-bcce-b302099a8057
       */
      id: string;
      /**
       * Format: date-time
       * @description A time in UTC, with milliseconds.
       * @example 2026-01-31T12:00:00.000Z
       */
      at: string;
      kind: string;
      /** @enum {string} */
      state: 'moving' | 'failed' | 'done';
      conversationId?: string;
      senderId?: string;
      stream?: string;
      seq?: number;
      /**
       * Format: uuid
       * @description An id that Belfry made.
       * @example 01890a5d-ac96-774b-bcce-b302099a8057
       */
      resendOf?: string;
      recipients: number;
      users?: string[];
      counts: components['schemas']['ReasonCounts'];
      sums: {
        seen: number;
        pushed: number;
        withheld: number;
        failed: number;
      };
      firstSeenMs?: number;
    };
    JourneySeen: {
      journey: components['schemas']['Journey'];
      /** @enum {string} */
      state: 'moving' | 'failed' | 'done';
      unreached: string[];
      isKept: boolean;
      keptMs: number;
    };
    Journey: {
      message: {
        /**
         * Format: uuid
         * @description An id that Belfry made.
         * @example 01890a5d-ac96-774b-bcce-b302099a8057
         */
        id: string;
        /**
         * @description The name of a kind of broadcast.
         * @example lab_result
         */
        kind: string;
        /**
         * @description The id of a conversation.
         * @example ward-7
         */
        conversationId?: string;
        /**
         * @description The name of an ordered log: `c:` and a conversation, or `i:` and a user.
         * @example c:ward-7
         */
        stream?: string;
        /**
         * @description A place in a stream.
         * @example 7
         */
        seq?: number;
        /**
         * @description The id of a user, as the app names them: 1 to 128 printable characters.
         * @example ann
         */
        senderId?: string;
        before?: {
          webhookId: string;
          /** @enum {string} */
          verdict: 'allowed' | 'changed' | 'unanswered';
          durationMs: number;
        };
        /**
         * Format: date-time
         * @description A time in UTC, with milliseconds.
         * @example 2026-01-31T12:00:00.000Z
         */
        acceptedAt: string;
        /**
         * Format: date-time
         * @description A time in UTC, with milliseconds.
         * @example 2026-01-31T12:00:00.000Z
         */
        storedAt?: string;
        /**
         * Format: date-time
         * @description A time in UTC, with milliseconds.
         * @example 2026-01-31T12:00:00.000Z
         */
        resolvedAt?: string;
        action?: string;
        recipients?: number;
        policy?: {
          realtime?: ('all' | 'none') | ('mobile' | 'desktop' | 'tablet')[];
          /** @enum {string} */
          push?: 'never' | 'undelivered' | 'always';
          pushTo?: 'all' | ('mobile' | 'desktop' | 'tablet')[];
          waitMs?: number;
          ttlSeconds?: number;
          /** @enum {string} */
          priority?: 'low' | 'normal' | 'high' | 'urgent';
          collapseKey?: string;
          respectPreferences?: boolean;
          connectionTypes?: string[];
        };
        features?: string[];
        /** @enum {string} */
        deliveredMeans?: 'attended' | 'visible' | 'any';
        /**
         * Format: uuid
         * @description An id that Belfry made.
         * @example 01890a5d-ac96-774b-bcce-b302099a8057
         */
        resendOf?: string;
      };
      recipients: {
        /**
         * @description The id of a user, as the app names them: 1 to 128 printable characters.
         * @example ann
         */
        userId: string;
        /** @enum {string} */
        reason?:
          | 'sent'
          | 'acked'
          | 'acked_hidden'
          | 'no_connection'
          | 'device_type_excluded'
          | 'feature_off_on_page'
          | 'slow_consumer'
          | 'excluded_sender'
          | 'not_a_member';
        /** @enum {string} */
        pushReason?:
          | 'waiting_for_ack'
          | 'cancelled_acked'
          | 'cancelled_read'
          | 'queued'
          | 'accepted_by_provider'
          | 'delivered'
          | 'delivery_failed'
          | 'opened'
          | 'retrying'
          | 'expired_ttl'
          | 'no_device'
          | 'no_provider_for_device'
          | 'target_gone'
          | 'payload_rejected'
          | 'credentials_rejected'
          | 'quota'
          | 'muted'
          | 'mentions_only'
          | 'quiet_hours_deferred'
          | 'preference_off'
          | 'not_a_member'
          | 'policy_never'
          | 'fallback_waiting'
          | 'fallback_from'
          | 'fallback_not_needed'
          | 'collapsed_into';
        preference?: {
          /** @enum {string} */
          by: 'mute' | 'level' | 'quiet_hours';
          ofConversation: boolean;
          /**
           * Format: date-time
           * @description A time in UTC, with milliseconds.
           * @example 2026-01-31T12:00:00.000Z
           */
          until?: string;
        };
        realtime: {
          /**
           * Format: uuid
           * @description An id that Belfry made.
           * @example 01890a5d-ac96-774b-bcce-b302099a8057
           */
          connectionId: string;
          /**
           * @description The sort of device.
           * @example desktop
           * @enum {string}
           */
          deviceType: 'mobile' | 'desktop' | 'tablet';
          page: string;
          /** @enum {string} */
          reason:
            | 'sent'
            | 'acked'
            | 'acked_hidden'
            | 'no_connection'
            | 'device_type_excluded'
            | 'feature_off_on_page'
            | 'slow_consumer'
            | 'excluded_sender'
            | 'not_a_member';
          pagePattern?: string;
          pageVersion?: number;
          visible?: boolean;
          attended?: boolean;
          /**
           * Format: date-time
           * @description A time in UTC, with milliseconds.
           * @example 2026-01-31T12:00:00.000Z
           */
          sentAt?: string;
          /**
           * Format: date-time
           * @description A time in UTC, with milliseconds.
           * @example 2026-01-31T12:00:00.000Z
           */
          ackedAt?: string;
        }[];
        push: {
          /**
           * Format: uuid
           * @description An id that Belfry made.
           * @example 01890a5d-ac96-774b-bcce-b302099a8057
           */
          deviceId: string;
          provider: string;
          /**
           * @description The sort of device.
           * @example desktop
           * @enum {string}
           */
          deviceType: 'mobile' | 'desktop' | 'tablet';
          /** @enum {string} */
          reason:
            | 'waiting_for_ack'
            | 'cancelled_acked'
            | 'cancelled_read'
            | 'queued'
            | 'accepted_by_provider'
            | 'delivered'
            | 'delivery_failed'
            | 'opened'
            | 'retrying'
            | 'expired_ttl'
            | 'no_device'
            | 'no_provider_for_device'
            | 'target_gone'
            | 'payload_rejected'
            | 'credentials_rejected'
            | 'quota'
            | 'muted'
            | 'mentions_only'
            | 'quiet_hours_deferred'
            | 'preference_off'
            | 'not_a_member'
            | 'policy_never'
            | 'fallback_waiting'
            | 'fallback_from'
            | 'fallback_not_needed'
            | 'collapsed_into';
          /**
           * @description A place in a stream.
           * @example 7
           */
          seq?: number;
          /** @enum {string} */
          from?: 'no_device' | 'failed' | 'not_opened';
          steps: {
            /**
             * Format: date-time
             * @description A time in UTC, with milliseconds.
             * @example 2026-01-31T12:00:00.000Z
             */
            at: string;
            /** @enum {string} */
            reason:
              | 'waiting_for_ack'
              | 'cancelled_acked'
              | 'cancelled_read'
              | 'queued'
              | 'accepted_by_provider'
              | 'delivered'
              | 'delivery_failed'
              | 'opened'
              | 'retrying'
              | 'expired_ttl'
              | 'no_device'
              | 'no_provider_for_device'
              | 'target_gone'
              | 'payload_rejected'
              | 'credentials_rejected'
              | 'quota'
              | 'muted'
              | 'mentions_only'
              | 'quiet_hours_deferred'
              | 'preference_off'
              | 'not_a_member'
              | 'policy_never'
              | 'fallback_waiting'
              | 'fallback_from'
              | 'fallback_not_needed'
              | 'collapsed_into';
            /**
             * @description A place in a stream.
             * @example 7
             */
            seq?: number;
            /** @enum {string} */
            from?: 'no_device' | 'failed' | 'not_opened';
          }[];
          attempts: {
            /**
             * Format: date-time
             * @description A time in UTC, with milliseconds.
             * @example 2026-01-31T12:00:00.000Z
             */
            at: string;
            /** @enum {string} */
            outcome: 'accepted' | 'retry' | 'rejected';
            reason?: string;
            status?: number;
            durationMs?: number;
            providerMessageId?: string;
            answer?: string;
          }[];
        }[];
      }[];
      counts: components['schemas']['ReasonCounts'];
    };
    Explanation: {
      recipients: {
        /**
         * @description The id of a user, as the app names them: 1 to 128 printable characters.
         * @example ann
         */
        userId: string;
        /** @enum {string} */
        reason?:
          | 'sent'
          | 'acked'
          | 'acked_hidden'
          | 'no_connection'
          | 'device_type_excluded'
          | 'feature_off_on_page'
          | 'slow_consumer'
          | 'excluded_sender'
          | 'not_a_member';
        /** @enum {string} */
        pushReason?:
          | 'waiting_for_ack'
          | 'cancelled_acked'
          | 'cancelled_read'
          | 'queued'
          | 'accepted_by_provider'
          | 'delivered'
          | 'delivery_failed'
          | 'opened'
          | 'retrying'
          | 'expired_ttl'
          | 'no_device'
          | 'no_provider_for_device'
          | 'target_gone'
          | 'payload_rejected'
          | 'credentials_rejected'
          | 'quota'
          | 'muted'
          | 'mentions_only'
          | 'quiet_hours_deferred'
          | 'preference_off'
          | 'not_a_member'
          | 'policy_never'
          | 'fallback_waiting'
          | 'fallback_from'
          | 'fallback_not_needed'
          | 'collapsed_into';
        preference?: {
          /** @enum {string} */
          by: 'mute' | 'level' | 'quiet_hours';
          ofConversation: boolean;
          /**
           * Format: date-time
           * @description A time in UTC, with milliseconds.
           * @example 2026-01-31T12:00:00.000Z
           */
          until?: string;
        };
        realtime: {
          /**
           * Format: uuid
           * @description An id that Belfry made.
           * @example 01890a5d-ac96-774b-bcce-b302099a8057
           */
          connectionId: string;
          /**
           * @description The sort of device.
           * @example desktop
           * @enum {string}
           */
          deviceType: 'mobile' | 'desktop' | 'tablet';
          page: string;
          /** @enum {string} */
          reason:
            | 'sent'
            | 'acked'
            | 'acked_hidden'
            | 'no_connection'
            | 'device_type_excluded'
            | 'feature_off_on_page'
            | 'slow_consumer'
            | 'excluded_sender'
            | 'not_a_member';
          pagePattern?: string;
          pageVersion?: number;
          visible?: boolean;
          attended?: boolean;
        }[];
        push: {
          /**
           * Format: uuid
           * @description An id that Belfry made.
           * @example 01890a5d-ac96-774b-bcce-b302099a8057
           */
          deviceId: string;
          provider: string;
          /**
           * @description The sort of device.
           * @example desktop
           * @enum {string}
           */
          deviceType: 'mobile' | 'desktop' | 'tablet';
          /** @enum {string} */
          reason:
            | 'waiting_for_ack'
            | 'cancelled_acked'
            | 'cancelled_read'
            | 'queued'
            | 'accepted_by_provider'
            | 'delivered'
            | 'delivery_failed'
            | 'opened'
            | 'retrying'
            | 'expired_ttl'
            | 'no_device'
            | 'no_provider_for_device'
            | 'target_gone'
            | 'payload_rejected'
            | 'credentials_rejected'
            | 'quota'
            | 'muted'
            | 'mentions_only'
            | 'quiet_hours_deferred'
            | 'preference_off'
            | 'not_a_member'
            | 'policy_never'
            | 'fallback_waiting'
            | 'fallback_from'
            | 'fallback_not_needed'
            | 'collapsed_into';
          /**
           * @description A place in a stream.
           * @example 7
           */
          seq?: number;
          /** @enum {string} */
          from?: 'no_device' | 'failed' | 'not_opened';
          afterMs?: number;
        }[];
      }[];
      counts: components['schemas']['ReasonCounts'];
    };
    Refusal: {
      /**
       * Format: date-time
       * @description A time in UTC, with milliseconds.
       * @example 2026-01-31T12:00:00.000Z
       */
      at: string;
      /**
       * Format: date-time
       * @description A time in UTC, with milliseconds.
       * @example 2026-01-31T12:00:00.000Z
       */
      firstAt: string;
      count: number;
      /** @enum {string} */
      stage: 'upgrade' | 'connect' | 'http' | 'command';
      reason: string;
      code: string;
      detail?: string;
      found?: components['schemas']['TokenFinding'];
      origin?: string;
      page?: string;
      userAgent?: string;
      address?: string;
    };
    TokenFinding: {
      /** @enum {string} */
      what:
        | 'says'
        | 'not_there'
        | 'over_size'
        | 'no_such_app'
        | 'header_unreadable'
        | 'header_names'
        | 'payload_unreadable'
        | 'keys_unreachable'
        | 'keys_of_secrets'
        | 'keys_of_both'
        | 'no_key_fits'
        | 'signed'
        | 'signed_otherwise'
        | 'claim_missing'
        | 'claim_malformed'
        | 'other_app'
        | 'too_far'
        | 'past'
        | 'ahead'
        | 'before_sign_out'
        | 'left_out_text'
        | 'left_out_list'
        | 'left_out_items'
        | 'left_out_beyond';
      values: {
        [key: string]: string | number;
      };
    };
    Connecting: {
      disabled: boolean;
      pages: {
        pattern: string;
        requireAuth: boolean;
        features: string[];
      }[];
      allowedOrigins: string[];
      /** @enum {string} */
      tokens: 'belfry' | 'issuer';
      connection: {
        userId: string;
        page: string;
        /**
         * @description The sort of device.
         * @example desktop
         * @enum {string}
         */
        deviceType: 'mobile' | 'desktop' | 'tablet';
        /**
         * Format: date-time
         * @description A time in UTC, with milliseconds.
         * @example 2026-01-31T12:00:00.000Z
         */
        connectedAt: string;
      } | null;
    };
    ApiKey: {
      id: string;
      name: string;
      hint: string;
      scopes: string[];
      /**
       * Format: date-time
       * @description A time in UTC, with milliseconds.
       * @example 2026-01-31T12:00:00.000Z
       */
      createdAt: string;
      /**
       * Format: date-time
       * @description A time in UTC, with milliseconds.
       * @example 2026-01-31T12:00:00.000Z
       */
      expiresAt: string | null;
      managed: boolean;
      /**
       * Format: date-time
       * @description A time in UTC, with milliseconds.
       * @example 2026-01-31T12:00:00.000Z
       */
      lastUsedAt: string | null;
      lastAddress: string | null;
    };
    MadeApiKey: {
      key: components['schemas']['ApiKey'];
      secret: string;
    };
    Signing: {
      secrets: {
        kid: string;
        /**
         * Format: date-time
         * @description A time in UTC, with milliseconds.
         * @example 2026-01-31T12:00:00.000Z
         */
        createdAt: string;
      }[];
      jwksUrl: string | null;
      managed: boolean;
    };
    MadeSigningSecret: {
      kid: string;
      secret: string;
    };
    CheckedKeySet: {
      ok: boolean;
      keys: {
        kid: string | null;
        algorithms: string[];
      }[];
      error: string | null;
    };
    TokenInspection: {
      ok: boolean;
      steps: {
        step: string;
        /** @enum {string} */
        result: 'ok' | 'refused' | 'left_out';
        found: components['schemas']['TokenFinding'];
        detail: string;
        reason?: string;
        remedy?: string;
      }[];
      claims?: {
        [key: string]: unknown;
      };
    };
    TrialToken: {
      token: string;
      /**
       * Format: date-time
       * @description A time in UTC, with milliseconds.
       * @example 2026-01-31T12:00:00.000Z
       */
      expiresAt: string;
    };
    ConnectionRow: {
      id: string;
      user: string;
      name?: string;
      visitor: boolean;
      /** @enum {string} */
      device: 'mobile' | 'desktop' | 'tablet';
      deviceId: string;
      path: string;
      page: string;
      type: string;
      node: string;
      visible: boolean;
      attended: boolean;
      connectedAt: string;
      policy?: number;
      confirmed?: number;
      /** @enum {string} */
      policyState: 'current' | 'old' | 'unsaid';
      rttMs?: number;
      behindBytes: number;
      platform?: string;
      appVersion?: string;
      locale?: string;
    };
    ViewWindow: {
      n: number;
      from: number;
      rows: components['schemas']['ConnectionRow'][];
      total: number;
      people: number;
      strangers: number;
      fresh: number;
      facets: {
        [key: string]: {
          value: string;
          count: number;
        }[];
      };
      silent?: string[];
    };
    UserRow: {
      userId: string;
      name?: string;
      lastSeenAt?: string;
      devices: ('mobile' | 'desktop' | 'tablet')[];
      visible: boolean;
      targets: number;
    };
    UserSeen: {
      /** @example ann */
      userId: string;
      /**
       * @description As others are shown it.
       * @example Ann Smith
       */
      name?: string;
      /**
       * @description Where a picture is found.
       * @example https://example.com/ann.png
       */
      avatar?: string;
      /** @example de-AT */
      locale?: string;
      /** @example Europe/Vienna */
      timeZone?: string;
      /**
       * @description A JSON object whose fields are not those of Belfry.
       * @example {
       *       "plan": "pro"
       *     }
       */
      metadata?: {
        [key: string]: unknown;
      };
      /** @description Of the newest token that named any. */
      roles?: string[];
      /**
       * Format: date-time
       * @description When the last connection was closed.
       * @example 2026-01-31T12:00:00.000Z
       */
      lastSeenAt?: string;
      connections: components['schemas']['ConnectionRow'][];
      targets: number;
    };
    Device: {
      /**
       * Format: uuid
       * @description An id that Belfry made.
       * @example 01890a5d-ac96-774b-bcce-b302099a8057
       */
      deviceId: string;
      /**
       * @description The id of a user, as the app names them: 1 to 128 printable characters.
       * @example ann
       */
      userId: string;
      /**
       * @description An id that the app chooses.
       * @example ward-7
       */
      provider: string;
      /**
       * @description The sort of device.
       * @example desktop
       * @enum {string}
       */
      deviceType: 'mobile' | 'desktop' | 'tablet';
      locale?: string;
      timeZone?: string;
      /**
       * Format: date-time
       * @description A time in UTC, with milliseconds.
       * @example 2026-01-31T12:00:00.000Z
       */
      createdAt: string;
    };
    Preferences: {
      /** @enum {string} */
      level: 'all' | 'mentions' | 'none';
      quietHours?: {
        from: string;
        to: string;
        /**
         * @description An IANA time zone.
         * @example Asia/Shanghai
         */
        timeZone: string;
      };
      conversations: {
        [key: string]: {
          /** @enum {string} */
          level?: 'all' | 'mentions' | 'none';
          /**
           * Format: date-time
           * @description A time in UTC, with milliseconds.
           * @example 2026-01-31T12:00:00.000Z
           */
          muteUntil?: string;
        };
      };
    };
    Decision: {
      messageId: string;
      kind: string;
      action: string;
      at: string;
      stream: string;
      seq: number;
      conversationId?: string;
      senderId?: string;
      decided?: {
        /** @enum {string} */
        reason?:
          | 'sent'
          | 'acked'
          | 'acked_hidden'
          | 'no_connection'
          | 'device_type_excluded'
          | 'feature_off_on_page'
          | 'slow_consumer'
          | 'excluded_sender'
          | 'not_a_member';
        /** @enum {string} */
        pushReason?:
          | 'waiting_for_ack'
          | 'cancelled_acked'
          | 'cancelled_read'
          | 'queued'
          | 'accepted_by_provider'
          | 'delivered'
          | 'delivery_failed'
          | 'opened'
          | 'retrying'
          | 'expired_ttl'
          | 'no_device'
          | 'no_provider_for_device'
          | 'target_gone'
          | 'payload_rejected'
          | 'credentials_rejected'
          | 'quota'
          | 'muted'
          | 'mentions_only'
          | 'quiet_hours_deferred'
          | 'preference_off'
          | 'not_a_member'
          | 'policy_never'
          | 'fallback_waiting'
          | 'fallback_from'
          | 'fallback_not_needed'
          | 'collapsed_into';
        preference?: {
          /** @enum {string} */
          by: 'mute' | 'level' | 'quiet_hours';
          ofConversation: boolean;
          /**
           * Format: date-time
           * @description A time in UTC, with milliseconds.
           * @example 2026-01-31T12:00:00.000Z
           */
          until?: string;
        };
        realtime: {
          /**
           * Format: uuid
           * @description An id that Belfry made.
           * @example 01890a5d-ac96-774b-bcce-b302099a8057
           */
          connectionId: string;
          /**
           * @description The sort of device.
           * @example desktop
           * @enum {string}
           */
          deviceType: 'mobile' | 'desktop' | 'tablet';
          page: string;
          /** @enum {string} */
          reason:
            | 'sent'
            | 'acked'
            | 'acked_hidden'
            | 'no_connection'
            | 'device_type_excluded'
            | 'feature_off_on_page'
            | 'slow_consumer'
            | 'excluded_sender'
            | 'not_a_member';
          pagePattern?: string;
          pageVersion?: number;
          visible?: boolean;
          attended?: boolean;
          /**
           * Format: date-time
           * @description A time in UTC, with milliseconds.
           * @example 2026-01-31T12:00:00.000Z
           */
          sentAt?: string;
          /**
           * Format: date-time
           * @description A time in UTC, with milliseconds.
           * @example 2026-01-31T12:00:00.000Z
           */
          ackedAt?: string;
        }[];
        push: {
          /**
           * Format: uuid
           * @description An id that Belfry made.
           * @example 01890a5d-ac96-774b-bcce-b302099a8057
           */
          deviceId: string;
          provider: string;
          /**
           * @description The sort of device.
           * @example desktop
           * @enum {string}
           */
          deviceType: 'mobile' | 'desktop' | 'tablet';
          /** @enum {string} */
          reason:
            | 'waiting_for_ack'
            | 'cancelled_acked'
            | 'cancelled_read'
            | 'queued'
            | 'accepted_by_provider'
            | 'delivered'
            | 'delivery_failed'
            | 'opened'
            | 'retrying'
            | 'expired_ttl'
            | 'no_device'
            | 'no_provider_for_device'
            | 'target_gone'
            | 'payload_rejected'
            | 'credentials_rejected'
            | 'quota'
            | 'muted'
            | 'mentions_only'
            | 'quiet_hours_deferred'
            | 'preference_off'
            | 'not_a_member'
            | 'policy_never'
            | 'fallback_waiting'
            | 'fallback_from'
            | 'fallback_not_needed'
            | 'collapsed_into';
          /**
           * @description A place in a stream.
           * @example 7
           */
          seq?: number;
          /** @enum {string} */
          from?: 'no_device' | 'failed' | 'not_opened';
          steps: {
            /**
             * Format: date-time
             * @description A time in UTC, with milliseconds.
             * @example 2026-01-31T12:00:00.000Z
             */
            at: string;
            /** @enum {string} */
            reason:
              | 'waiting_for_ack'
              | 'cancelled_acked'
              | 'cancelled_read'
              | 'queued'
              | 'accepted_by_provider'
              | 'delivered'
              | 'delivery_failed'
              | 'opened'
              | 'retrying'
              | 'expired_ttl'
              | 'no_device'
              | 'no_provider_for_device'
              | 'target_gone'
              | 'payload_rejected'
              | 'credentials_rejected'
              | 'quota'
              | 'muted'
              | 'mentions_only'
              | 'quiet_hours_deferred'
              | 'preference_off'
              | 'not_a_member'
              | 'policy_never'
              | 'fallback_waiting'
              | 'fallback_from'
              | 'fallback_not_needed'
              | 'collapsed_into';
            /**
             * @description A place in a stream.
             * @example 7
             */
            seq?: number;
            /** @enum {string} */
            from?: 'no_device' | 'failed' | 'not_opened';
          }[];
          attempts: {
            /**
             * Format: date-time
             * @description A time in UTC, with milliseconds.
             * @example 2026-01-31T12:00:00.000Z
             */
            at: string;
            /** @enum {string} */
            outcome: 'accepted' | 'retry' | 'rejected';
            reason?: string;
            status?: number;
            durationMs?: number;
            providerMessageId?: string;
            answer?: string;
          }[];
        }[];
      };
      message?: {
        /**
         * Format: uuid
         * @description An id that Belfry made.
         * @example 01890a5d-ac96-774b-bcce-b302099a8057
         */
        id: string;
        /**
         * @description The name of a kind of broadcast.
         * @example lab_result
         */
        kind: string;
        /**
         * @description The id of a conversation.
         * @example ward-7
         */
        conversationId?: string;
        /**
         * @description The name of an ordered log: `c:` and a conversation, or `i:` and a user.
         * @example c:ward-7
         */
        stream?: string;
        /**
         * @description A place in a stream.
         * @example 7
         */
        seq?: number;
        /**
         * @description The id of a user, as the app names them: 1 to 128 printable characters.
         * @example ann
         */
        senderId?: string;
        before?: {
          webhookId: string;
          /** @enum {string} */
          verdict: 'allowed' | 'changed' | 'unanswered';
          durationMs: number;
        };
        /**
         * Format: date-time
         * @description A time in UTC, with milliseconds.
         * @example 2026-01-31T12:00:00.000Z
         */
        acceptedAt: string;
        /**
         * Format: date-time
         * @description A time in UTC, with milliseconds.
         * @example 2026-01-31T12:00:00.000Z
         */
        storedAt?: string;
        /**
         * Format: date-time
         * @description A time in UTC, with milliseconds.
         * @example 2026-01-31T12:00:00.000Z
         */
        resolvedAt?: string;
        action?: string;
        recipients?: number;
        policy?: {
          realtime?: ('all' | 'none') | ('mobile' | 'desktop' | 'tablet')[];
          /** @enum {string} */
          push?: 'never' | 'undelivered' | 'always';
          pushTo?: 'all' | ('mobile' | 'desktop' | 'tablet')[];
          waitMs?: number;
          ttlSeconds?: number;
          /** @enum {string} */
          priority?: 'low' | 'normal' | 'high' | 'urgent';
          collapseKey?: string;
          respectPreferences?: boolean;
          connectionTypes?: string[];
        };
        features?: string[];
        /** @enum {string} */
        deliveredMeans?: 'attended' | 'visible' | 'any';
        /**
         * Format: uuid
         * @description An id that Belfry made.
         * @example 01890a5d-ac96-774b-bcce-b302099a8057
         */
        resendOf?: string;
      };
    };
    ConversationRow: {
      id: string;
      title?: string;
      participants: number;
      headSeq: number;
      createdAt: string;
      activeAt: string;
    };
    ConversationSeen: {
      id: string;
      title?: string;
      createdAt: string;
      participants: number;
      epoch: string;
      headSeq: number;
      firstSeq: number;
      /** @enum {string} */
      content: 'shown' | 'on_request' | 'hidden';
      topic: string;
    };
    ParticipantRow: {
      userId: string;
      role: string;
      joinedAt: string;
    };
    Progress: {
      userId: string;
      role: string;
      joinedAt: string;
      delivered: number;
      seen: number;
      seenMobile: number;
      read: number;
      pushed: number;
    };
    ProgressGroups: {
      delivered: {
        from: number;
        to: number;
        users: number;
      }[];
      seen: {
        from: number;
        to: number;
        users: number;
      }[];
      read: {
        from: number;
        to: number;
        users: number;
      }[];
      pushed: {
        from: number;
        to: number;
        users: number;
      }[];
    };
    MessageRows: {
      items: components['schemas']['MessageRow'][];
      hasMore: boolean;
      epoch: string;
      headSeq: number;
      firstSeq: number;
      /** @enum {string} */
      content: 'shown' | 'on_request' | 'hidden';
    };
    MessageRow: {
      id: string;
      seq: number;
      at: string;
      kind: string;
      action: string;
      senderId?: string;
      type?: string;
      editedAt?: string;
      deletedAt?: string;
      replyTo?: string;
      reactions: number;
      replies: number;
      pinned: boolean;
      narrowed: boolean;
      characters: number;
      data?: {
        [key: string]: unknown;
      };
    };
    MessageSeen: {
      message: components['schemas']['MessageRow'];
      /** @enum {string} */
      content: 'shown' | 'on_request' | 'hidden';
    };
    NoticeExplanation: {
      users: number;
      counts: components['schemas']['ReasonCounts'];
    };
    PlaygroundState: {
      conversationId: string;
      makesTokens: boolean;
      takesThisPage: boolean;
      showsPushes: boolean;
      disabled: boolean;
      protected: boolean;
      on: boolean;
      until?: string;
    };
    Conversation: {
      /**
       * @description The id of a conversation.
       * @example ward-7
       */
      id: string;
      title?: string;
      /**
       * @description A JSON object whose fields are not those of Belfry.
       * @example {
       *       "ward": "7"
       *     }
       */
      metadata?: {
        [key: string]: unknown;
      };
      /**
       * @description The name of an ordered log: `c:` and a conversation, or `i:` and a user.
       * @example c:ward-7
       */
      stream: string;
      /**
       * @description One life of a stream: places of another epoch mean nothing.
       * @example 0
       */
      epoch: string;
      /**
       * @description A place in a stream.
       * @example 7
       */
      headSeq: number;
      participants: components['schemas']['Participant'][];
      /**
       * Format: date-time
       * @description A time in UTC, with milliseconds.
       * @example 2026-01-31T12:00:00.000Z
       */
      createdAt: string;
    };
    Participant: {
      /**
       * @description The id of a user, as the app names them: 1 to 128 printable characters.
       * @example ann
       */
      userId: string;
      /**
       * @description A role; the app's own word.
       * @example member
       */
      role: string;
      /**
       * Format: date-time
       * @description A time in UTC, with milliseconds.
       * @example 2026-01-31T12:00:00.000Z
       */
      joinedAt?: string;
      /**
       * @description A JSON object whose fields are not those of Belfry.
       * @example {
       *       "ward": "7"
       *     }
       */
      metadata?: {
        [key: string]: unknown;
      };
      /**
       * @description A place in a stream.
       * @example 7
       */
      readSeq?: number;
    };
    ShownPush: {
      number: number;
      at: string;
      title: string;
      body: string;
      count: number;
      collapseKey: string;
      priority: string;
      data: {
        [key: string]: unknown;
      };
      cleared: boolean;
    };
    AppMetrics: {
      stepMs: number;
      now: string;
      from: string;
      to: string;
      since?: string;
      series: {
        name: string;
        label?: string;
        points: [number, number | null][];
      }[];
      reasons: {
        reason: string;
        at?: string;
        count: number;
      }[];
      silentNodes: string[];
      funnel?: components['schemas']['PushFunnel'];
      versions: {
        at: string;
        version: string;
      }[];
      sums: {
        messages: number;
        events: number;
        accepted: number;
        failed: number;
        withheld: number;
      };
    };
    PushFunnel: {
      since: string;
      mayPush: number;
      deferred: number;
      ends: {
        /** @enum {string} */
        end: 'seen' | 'withheld' | 'covered' | 'pushed' | 'failed';
        count: number;
        reasons: {
          reason: string;
          count: number;
        }[];
      }[];
    };
    NodeOfApp: {
      node: string;
      role?: string;
      version?: string;
      /** @enum {string} */
      state?: 'starting' | 'ready' | 'draining' | 'not_ready';
      connections?: number;
    };
    AppProvider: {
      id: string;
      plugin: string;
      channel?: string;
      /** @enum {string} */
      state: 'on' | 'off' | 'paused' | 'quarantined';
      reason?: string;
      /**
       * Format: date-time
       * @description A time in UTC, with milliseconds.
       * @example 2026-01-31T12:00:00.000Z
       */
      since?: string;
      /**
       * Format: date-time
       * @description A time in UTC, with milliseconds.
       * @example 2026-01-31T12:00:00.000Z
       */
      nextProbeAt?: string;
    };
    OutgoingWebhook: {
      /**
       * @description The id of an outgoing webhook, which the app chooses.
       * @example crm
       */
      id: string;
      url: string;
      description?: string;
      events: string[];
      transform?: string;
      batch?: {
        /** @default 100 */
        maxEvents: number;
        /** @default 10000 */
        maxWaitMs: number;
      };
      ordered: boolean;
      before?: {
        /** @default 2000 */
        timeoutMs: number;
        /**
         * @default allow
         * @enum {string}
         */
        onFailure: 'allow' | 'reject';
        kinds?: string[];
      };
      /** @enum {string} */
      state: 'active' | 'paused' | 'disabled';
      disabled?: {
        /** @enum {string} */
        because: 'gone' | 'failing' | 'file';
        /**
         * Format: date-time
         * @description A time in UTC, with milliseconds.
         * @example 2026-01-31T12:00:00.000Z
         */
        at: string;
        detail: string;
      };
      managed: boolean;
      health: {
        /**
         * Format: date-time
         * @description A time in UTC, with milliseconds.
         * @example 2026-01-31T12:00:00.000Z
         */
        failingSince?: string;
        /**
         * Format: date-time
         * @description A time in UTC, with milliseconds.
         * @example 2026-01-31T12:00:00.000Z
         */
        lastSuccessAt?: string;
        lastFailure?: {
          /**
           * Format: date-time
           * @description A time in UTC, with milliseconds.
           * @example 2026-01-31T12:00:00.000Z
           */
          at: string;
          status?: number;
          error?: string;
        };
      };
      secrets: {
        /**
         * Format: date-time
         * @description A time in UTC, with milliseconds.
         * @example 2026-01-31T12:00:00.000Z
         */
        createdAt: string;
        /**
         * Format: date-time
         * @description A time in UTC, with milliseconds.
         * @example 2026-01-31T12:00:00.000Z
         */
        expiresAt?: string;
      }[];
      version: number;
      /**
       * Format: date-time
       * @description A time in UTC, with milliseconds.
       * @example 2026-01-31T12:00:00.000Z
       */
      createdAt: string;
      /**
       * Format: date-time
       * @description A time in UTC, with milliseconds.
       * @example 2026-01-31T12:00:00.000Z
       */
      updatedAt: string;
      updatedBy: string;
    };
    MadeOutgoingWebhook: {
      webhook: components['schemas']['OutgoingWebhook'];
      secret?: string;
    };
    WebhookAttempt: {
      number: number;
      /**
       * Format: date-time
       * @description A time in UTC, with milliseconds.
       * @example 2026-01-31T12:00:00.000Z
       */
      at: string;
      durationMs: number;
      status?: number;
      error?: string;
      answer?: string;
    };
    KeptWebhookEvent: {
      id: string;
      /**
       * @description The id of an outgoing webhook, which the app chooses.
       * @example crm
       */
      webhookId: string;
      type: string;
      requestId?: string;
      /** @enum {string} */
      state: 'waiting' | 'delivered' | 'failed' | 'skipped';
      /**
       * Format: date-time
       * @description A time in UTC, with milliseconds.
       * @example 2026-01-31T12:00:00.000Z
       */
      createdAt: string;
      /**
       * Format: date-time
       * @description A time in UTC, with milliseconds.
       * @example 2026-01-31T12:00:00.000Z
       */
      dueAt?: string;
      /**
       * Format: date-time
       * @description A time in UTC, with milliseconds.
       * @example 2026-01-31T12:00:00.000Z
       */
      endedAt?: string;
      attempts: components['schemas']['WebhookAttempt'][];
    };
    WebhookReplayImpact: {
      events: number;
      hasMore: boolean;
    };
  };
  responses: never;
  parameters: never;
  requestBodies: never;
  headers: never;
  pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
  getSession: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Also for somebody who is not signed in. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Session'] | components['schemas']['SignedOut'];
        };
      };
      /** @description `rate_limited`: Too many requests. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `internal`: Something went wrong here. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unavailable`: A part that this needs is away. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  signIn: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          email: string;
          password: string;
        };
      };
    };
    responses: {
      /** @description The password is right, and a code is wanted. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['CodeWanted'];
        };
      };
      /** @description Let in: as `GET /session`, with a cookie. */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Session'];
        };
      };
      /** @description `bad_request`: The request cannot be read. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unauthorized`: Credentials are missing. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `csrf`: The request does not come from the console. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `request_timeout`: The request took too long to arrive. */
      408: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `too_large`: This is too large. */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unsupported_media_type`: This content type is not accepted. */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `invalid_body`: A field is not valid. */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `rate_limited`: Too many requests. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `internal`: Something went wrong here. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unavailable`: A part that this needs is away. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  signOut: {
    parameters: {
      query?: never;
      header?: {
        /** @description The same key with the same body is answered as before and does nothing. */
        'Idempotency-Key'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The session is over. */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /**
       * @description `unauthorized`: Credentials are missing.
       *
       *     `bad_token`: The token is not valid.
       *
       *     `token_expired`: The token has expired.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `forbidden`: This is not allowed. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `rate_limited`: Too many requests. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `internal`: Something went wrong here. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unavailable`: A part that this needs is away. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  setUp: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          code: string;
          email: string;
          name: string;
          password: string;
          tenantName: string;
          /** @default en */
          locale?: string;
        };
      };
    };
    responses: {
      /** @description Let in: as `GET /session`, with a cookie. */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Session'];
        };
      };
      /** @description `bad_request`: The request cannot be read. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unauthorized`: Credentials are missing. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `csrf`: The request does not come from the console. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `request_timeout`: The request took too long to arrive. */
      408: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `setup_done`: There is an administrator already. */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `too_large`: This is too large. */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unsupported_media_type`: This content type is not accepted. */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `invalid_body`: A field is not valid. */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `rate_limited`: Too many requests. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `internal`: Something went wrong here. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unavailable`: A part that this needs is away. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  signInWithCode: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json':
          | {
              challenge: string;
              code: string;
            }
          | {
              challenge: string;
              recoveryCode: string;
            };
      };
    };
    responses: {
      /** @description Let in: as `GET /session`, with a cookie. */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Session'];
        };
      };
      /** @description `bad_request`: The request cannot be read. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unauthorized`: Credentials are missing. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `csrf`: The request does not come from the console. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `request_timeout`: The request took too long to arrive. */
      408: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `too_large`: This is too large. */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unsupported_media_type`: This content type is not accepted. */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `invalid_body`: A field is not valid. */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `rate_limited`: Too many requests. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `internal`: Something went wrong here. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unavailable`: A part that this needs is away. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  confirmSession: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json':
          | {
              password: string;
            }
          | {
              code: string;
            };
      };
    };
    responses: {
      /** @description Until when that counts. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            confirmedUntil: string;
          };
        };
      };
      /** @description `bad_request`: The request cannot be read. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `unauthorized`: Credentials are missing.
       *
       *     `bad_token`: The token is not valid.
       *
       *     `token_expired`: The token has expired.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `forbidden`: This is not allowed. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `request_timeout`: The request took too long to arrive. */
      408: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `too_large`: This is too large. */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unsupported_media_type`: This content type is not accepted. */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `invalid_body`: A field is not valid. */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `rate_limited`: Too many requests. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `internal`: Something went wrong here. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unavailable`: A part that this needs is away. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  createLiveToken: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Good until `expiresAt`. */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['LiveToken'];
        };
      };
      /**
       * @description `unauthorized`: Credentials are missing.
       *
       *     `bad_token`: The token is not valid.
       *
       *     `token_expired`: The token has expired.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `forbidden`: This is not allowed. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `rate_limited`: Too many requests. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `internal`: Something went wrong here. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unavailable`: A part that this needs is away. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getAccount: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The account. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Account'];
        };
      };
      /**
       * @description `unauthorized`: Credentials are missing.
       *
       *     `bad_token`: The token is not valid.
       *
       *     `token_expired`: The token has expired.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `forbidden`: This is not allowed. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `rate_limited`: Too many requests. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `internal`: Something went wrong here. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unavailable`: A part that this needs is away. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  changeAccount: {
    parameters: {
      query?: never;
      header?: {
        /** @description The same key with the same body is answered as before and does nothing. */
        'Idempotency-Key'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          name?: string;
          locale?: string;
          /** @enum {string} */
          theme?: 'system' | 'light' | 'dark';
          timeZone?: string;
          /** @enum {string} */
          density?: 'comfortable' | 'default' | 'compact';
          singleKeys?: boolean;
          bell?: string[];
        };
      };
    };
    responses: {
      /** @description The account. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Account'];
        };
      };
      /** @description `bad_request`: The request cannot be read. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `unauthorized`: Credentials are missing.
       *
       *     `bad_token`: The token is not valid.
       *
       *     `token_expired`: The token has expired.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `csrf`: The request does not come from the console.
       *
       *     `forbidden`: This is not allowed.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `request_timeout`: The request took too long to arrive. */
      408: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `precondition_failed`: Somebody else changed it meanwhile. */
      412: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `too_large`: This is too large. */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unsupported_media_type`: This content type is not accepted. */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `invalid_body`: A field is not valid. */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `precondition_required`: The request does not say which version it changes. */
      428: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `rate_limited`: Too many requests. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `internal`: Something went wrong here. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unavailable`: A part that this needs is away. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  changePassword: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          current: string;
          next: string;
        };
      };
    };
    responses: {
      /** @description Changed. */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description `bad_request`: The request cannot be read. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `unauthorized`: Credentials are missing.
       *
       *     `bad_token`: The token is not valid.
       *
       *     `token_expired`: The token has expired.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `confirm_needed`: This wants the password or a code again.
       *
       *     `csrf`: The request does not come from the console.
       *
       *     `forbidden`: This is not allowed.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `request_timeout`: The request took too long to arrive. */
      408: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `too_large`: This is too large. */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unsupported_media_type`: This content type is not accepted. */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `invalid_body`: A field is not valid. */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `rate_limited`: Too many requests. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `internal`: Something went wrong here. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unavailable`: A part that this needs is away. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  confirmTotp: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          code: string;
        };
      };
    };
    responses: {
      /** @description Ten codes for when the phone is lost, once. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            recoveryCodes: string[];
          };
        };
      };
      /** @description `bad_request`: The request cannot be read. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `unauthorized`: Credentials are missing.
       *
       *     `bad_token`: The token is not valid.
       *
       *     `token_expired`: The token has expired.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `csrf`: The request does not come from the console.
       *
       *     `forbidden`: This is not allowed.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `request_timeout`: The request took too long to arrive. */
      408: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `conflict`: This conflicts with the present state. */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `too_large`: This is too large. */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unsupported_media_type`: This content type is not accepted. */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `invalid_body`: A field is not valid. */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `rate_limited`: Too many requests. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `internal`: Something went wrong here. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unavailable`: A part that this needs is away. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  beginTotp: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description To be drawn as a QR code. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            uri: string;
          };
        };
      };
      /**
       * @description `unauthorized`: Credentials are missing.
       *
       *     `bad_token`: The token is not valid.
       *
       *     `token_expired`: The token has expired.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `confirm_needed`: This wants the password or a code again.
       *
       *     `csrf`: The request does not come from the console.
       *
       *     `forbidden`: This is not allowed.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `conflict`: This conflicts with the present state. */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `rate_limited`: Too many requests. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `internal`: Something went wrong here. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unavailable`: A part that this needs is away. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  removeTotp: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          password: string;
          code: string;
        };
      };
    };
    responses: {
      /** @description A password is enough from now on. */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description `bad_request`: The request cannot be read. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `unauthorized`: Credentials are missing.
       *
       *     `bad_token`: The token is not valid.
       *
       *     `token_expired`: The token has expired.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `confirm_needed`: This wants the password or a code again.
       *
       *     `csrf`: The request does not come from the console.
       *
       *     `forbidden`: This is not allowed.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `request_timeout`: The request took too long to arrive. */
      408: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `too_large`: This is too large. */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unsupported_media_type`: This content type is not accepted. */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `invalid_body`: A field is not valid. */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `rate_limited`: Too many requests. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `internal`: Something went wrong here. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unavailable`: A part that this needs is away. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listSessions: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Those first that began last. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['OwnSession'][];
        };
      };
      /**
       * @description `unauthorized`: Credentials are missing.
       *
       *     `bad_token`: The token is not valid.
       *
       *     `token_expired`: The token has expired.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `forbidden`: This is not allowed. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `rate_limited`: Too many requests. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `internal`: Something went wrong here. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unavailable`: A part that this needs is away. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  endOtherSessions: {
    parameters: {
      query?: never;
      header?: {
        /** @description The same key with the same body is answered as before and does nothing. */
        'Idempotency-Key'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description How many sessions there were. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            ended: number;
          };
        };
      };
      /**
       * @description `unauthorized`: Credentials are missing.
       *
       *     `bad_token`: The token is not valid.
       *
       *     `token_expired`: The token has expired.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `csrf`: The request does not come from the console.
       *
       *     `forbidden`: This is not allowed.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `rate_limited`: Too many requests. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `internal`: Something went wrong here. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unavailable`: A part that this needs is away. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  endSession: {
    parameters: {
      query?: never;
      header?: {
        /** @description The same key with the same body is answered as before and does nothing. */
        'Idempotency-Key'?: string;
      };
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description That session is over. */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /**
       * @description `unauthorized`: Credentials are missing.
       *
       *     `bad_token`: The token is not valid.
       *
       *     `token_expired`: The token has expired.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `csrf`: The request does not come from the console.
       *
       *     `forbidden`: This is not allowed.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `not_found`: There is no such thing. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `rate_limited`: Too many requests. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `internal`: Something went wrong here. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unavailable`: A part that this needs is away. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listTenants: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description By id. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            items: components['schemas']['OwnTenant'][];
          };
        };
      };
      /**
       * @description `unauthorized`: Credentials are missing.
       *
       *     `bad_token`: The token is not valid.
       *
       *     `token_expired`: The token has expired.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `forbidden`: This is not allowed. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `rate_limited`: Too many requests. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `internal`: Something went wrong here. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unavailable`: A part that this needs is away. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  createTenant: {
    parameters: {
      query?: never;
      header?: {
        /** @description The same key with the same body is answered as before and does nothing. */
        'Idempotency-Key'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          id: string;
          name: string;
        };
      };
    };
    responses: {
      /** @description The tenant. */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Tenant'];
        };
      };
      /** @description `bad_request`: The request cannot be read. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `unauthorized`: Credentials are missing.
       *
       *     `bad_token`: The token is not valid.
       *
       *     `token_expired`: The token has expired.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `csrf`: The request does not come from the console.
       *
       *     `forbidden`: This is not allowed.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `request_timeout`: The request took too long to arrive. */
      408: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `conflict`: This conflicts with the present state. */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `too_large`: This is too large. */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unsupported_media_type`: This content type is not accepted. */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `invalid_body`: A field is not valid. */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `rate_limited`: Too many requests. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `internal`: Something went wrong here. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unavailable`: A part that this needs is away. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getTenant: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        tenant: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The tenant. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Tenant'];
        };
      };
      /**
       * @description `unauthorized`: Credentials are missing.
       *
       *     `bad_token`: The token is not valid.
       *
       *     `token_expired`: The token has expired.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `forbidden`: This is not allowed. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `not_found`: There is no such thing. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `rate_limited`: Too many requests. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `internal`: Something went wrong here. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unavailable`: A part that this needs is away. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  removeTenant: {
    parameters: {
      query?: never;
      header?: {
        /** @description The same key with the same body is answered as before and does nothing. */
        'Idempotency-Key'?: string;
      };
      path: {
        tenant: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description It is gone. Its audit is kept. */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /**
       * @description `unauthorized`: Credentials are missing.
       *
       *     `bad_token`: The token is not valid.
       *
       *     `token_expired`: The token has expired.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `confirm_needed`: This wants the password or a code again.
       *
       *     `csrf`: The request does not come from the console.
       *
       *     `forbidden`: This is not allowed.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `not_found`: There is no such thing. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `managed_by_file`: This is managed by the provision file.
       *
       *     `conflict`: This conflicts with the present state.
       */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `precondition_failed`: Somebody else changed it meanwhile. */
      412: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `precondition_required`: The request does not say which version it changes. */
      428: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `rate_limited`: Too many requests. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `internal`: Something went wrong here. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unavailable`: A part that this needs is away. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  changeTenant: {
    parameters: {
      query?: never;
      header?: {
        /** @description The same key with the same body is answered as before and does nothing. */
        'Idempotency-Key'?: string;
      };
      path: {
        tenant: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          name?: string;
          /** @enum {string|null} */
          requireTotpFrom?: 'viewer' | 'developer' | 'admin' | 'owner' | null;
        };
      };
    };
    responses: {
      /** @description The tenant. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Tenant'];
        };
      };
      /** @description `bad_request`: The request cannot be read. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `unauthorized`: Credentials are missing.
       *
       *     `bad_token`: The token is not valid.
       *
       *     `token_expired`: The token has expired.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `confirm_needed`: This wants the password or a code again.
       *
       *     `csrf`: The request does not come from the console.
       *
       *     `forbidden`: This is not allowed.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `not_found`: There is no such thing. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `request_timeout`: The request took too long to arrive. */
      408: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `managed_by_file`: This is managed by the provision file. */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `precondition_failed`: Somebody else changed it meanwhile. */
      412: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `too_large`: This is too large. */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unsupported_media_type`: This content type is not accepted. */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `invalid_body`: A field is not valid. */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `precondition_required`: The request does not say which version it changes. */
      428: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `rate_limited`: Too many requests. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `internal`: Something went wrong here. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unavailable`: A part that this needs is away. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listMembers: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        tenant: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description In the order in which they came. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            items: components['schemas']['Member'][];
            total: components['schemas']['Total'];
          };
        };
      };
      /**
       * @description `unauthorized`: Credentials are missing.
       *
       *     `bad_token`: The token is not valid.
       *
       *     `token_expired`: The token has expired.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `forbidden`: This is not allowed. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `not_found`: There is no such thing. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `rate_limited`: Too many requests. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `internal`: Something went wrong here. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unavailable`: A part that this needs is away. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  removeMember: {
    parameters: {
      query?: never;
      header?: {
        /** @description The same key with the same body is answered as before and does nothing. */
        'Idempotency-Key'?: string;
      };
      path: {
        tenant: string;
        account: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description They are out. */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /**
       * @description `unauthorized`: Credentials are missing.
       *
       *     `bad_token`: The token is not valid.
       *
       *     `token_expired`: The token has expired.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `csrf`: The request does not come from the console.
       *
       *     `forbidden`: This is not allowed.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `not_found`: There is no such thing. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `conflict`: This conflicts with the present state. */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `precondition_failed`: Somebody else changed it meanwhile. */
      412: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `precondition_required`: The request does not say which version it changes. */
      428: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `rate_limited`: Too many requests. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `internal`: Something went wrong here. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unavailable`: A part that this needs is away. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  changeMember: {
    parameters: {
      query?: never;
      header?: {
        /** @description The same key with the same body is answered as before and does nothing. */
        'Idempotency-Key'?: string;
      };
      path: {
        tenant: string;
        account: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          /** @enum {string} */
          role: 'viewer' | 'developer' | 'admin' | 'owner';
        };
      };
    };
    responses: {
      /** @description The member. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Member'];
        };
      };
      /** @description `bad_request`: The request cannot be read. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `unauthorized`: Credentials are missing.
       *
       *     `bad_token`: The token is not valid.
       *
       *     `token_expired`: The token has expired.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `csrf`: The request does not come from the console.
       *
       *     `forbidden`: This is not allowed.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `not_found`: There is no such thing. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `request_timeout`: The request took too long to arrive. */
      408: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `conflict`: This conflicts with the present state. */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `precondition_failed`: Somebody else changed it meanwhile. */
      412: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `too_large`: This is too large. */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unsupported_media_type`: This content type is not accepted. */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `invalid_body`: A field is not valid. */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `precondition_required`: The request does not say which version it changes. */
      428: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `rate_limited`: Too many requests. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `internal`: Something went wrong here. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unavailable`: A part that this needs is away. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  createResetLink: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        tenant: string;
        account: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Shown once. */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Link'];
        };
      };
      /**
       * @description `unauthorized`: Credentials are missing.
       *
       *     `bad_token`: The token is not valid.
       *
       *     `token_expired`: The token has expired.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `csrf`: The request does not come from the console.
       *
       *     `forbidden`: This is not allowed.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `not_found`: There is no such thing. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `rate_limited`: Too many requests. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `internal`: Something went wrong here. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unavailable`: A part that this needs is away. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listInvitations: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        tenant: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description In the order in which they were made. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            items: components['schemas']['Invitation'][];
            total: components['schemas']['Total'];
          };
        };
      };
      /**
       * @description `unauthorized`: Credentials are missing.
       *
       *     `bad_token`: The token is not valid.
       *
       *     `token_expired`: The token has expired.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `forbidden`: This is not allowed. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `not_found`: There is no such thing. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `rate_limited`: Too many requests. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `internal`: Something went wrong here. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unavailable`: A part that this needs is away. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  createInvitation: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        tenant: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          label: string;
          /** @enum {string} */
          role: 'viewer' | 'developer' | 'admin' | 'owner';
        };
      };
    };
    responses: {
      /** @description Shown once. */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['InvitationLink'];
        };
      };
      /** @description `bad_request`: The request cannot be read. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `unauthorized`: Credentials are missing.
       *
       *     `bad_token`: The token is not valid.
       *
       *     `token_expired`: The token has expired.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `csrf`: The request does not come from the console.
       *
       *     `forbidden`: This is not allowed.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `not_found`: There is no such thing. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `request_timeout`: The request took too long to arrive. */
      408: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `too_large`: This is too large. */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unsupported_media_type`: This content type is not accepted. */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `too_many`: There are too many at once.
       *
       *     `invalid_body`: A field is not valid.
       */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `rate_limited`: Too many requests. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `internal`: Something went wrong here. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unavailable`: A part that this needs is away. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  withdrawInvitation: {
    parameters: {
      query?: never;
      header?: {
        /** @description The same key with the same body is answered as before and does nothing. */
        'Idempotency-Key'?: string;
      };
      path: {
        tenant: string;
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Its link is good no more. */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /**
       * @description `unauthorized`: Credentials are missing.
       *
       *     `bad_token`: The token is not valid.
       *
       *     `token_expired`: The token has expired.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `csrf`: The request does not come from the console.
       *
       *     `forbidden`: This is not allowed.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `not_found`: There is no such thing. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `rate_limited`: Too many requests. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `internal`: Something went wrong here. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unavailable`: A part that this needs is away. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getInvitation: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        token: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description It is good. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Invited'];
        };
      };
      /** @description `not_found`: There is no such thing. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `rate_limited`: Too many requests. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `internal`: Something went wrong here. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unavailable`: A part that this needs is away. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  acceptInvitation: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        token: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          email?: string;
          name?: string;
          password?: string;
          /** @default en */
          locale?: string;
        };
      };
    };
    responses: {
      /** @description Joined with the account that is signed in: as `GET /session`. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Session'];
        };
      };
      /** @description Let in, with a cookie. */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Session'];
        };
      };
      /** @description `bad_request`: The request cannot be read. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `csrf`: The request does not come from the console. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `not_found`: There is no such thing. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `request_timeout`: The request took too long to arrive. */
      408: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `conflict`: This conflicts with the present state. */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `too_large`: This is too large. */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unsupported_media_type`: This content type is not accepted. */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `invalid_body`: A field is not valid. */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `rate_limited`: Too many requests. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `internal`: Something went wrong here. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unavailable`: A part that this needs is away. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  resetPassword: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        token: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          password: string;
          name?: string;
        };
      };
    };
    responses: {
      /** @description Sign in with it. */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description `bad_request`: The request cannot be read. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `csrf`: The request does not come from the console. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `not_found`: There is no such thing. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `request_timeout`: The request took too long to arrive. */
      408: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `too_large`: This is too large. */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unsupported_media_type`: This content type is not accepted. */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `invalid_body`: A field is not valid. */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `rate_limited`: Too many requests. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `internal`: Something went wrong here. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unavailable`: A part that this needs is away. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listAudit: {
    parameters: {
      query?: {
        actor?: string;
        action?: string;
        object?: string;
        app?: string;
        from?: string;
        to?: string;
        q?: string;
        limit?: number;
        cursor?: string;
        counts?: '1';
        format?: 'csv' | 'ndjson';
      };
      header?: never;
      path: {
        tenant: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description A page of entries. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            items: components['schemas']['AuditEntry'][];
            nextCursor?: string;
            total?: components['schemas']['Total'];
            facets?: {
              actor: {
                value: string;
                count: number;
              }[];
              action: {
                value: string;
                count: number;
              }[];
              app: {
                value: string;
                count: number;
              }[];
            };
          };
        };
      };
      /** @description `bad_request`: The request cannot be read. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `unauthorized`: Credentials are missing.
       *
       *     `bad_token`: The token is not valid.
       *
       *     `token_expired`: The token has expired.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `forbidden`: This is not allowed. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `not_found`: There is no such thing. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `rate_limited`: Too many requests. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `internal`: Something went wrong here. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unavailable`: A part that this needs is away. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getAuditEntry: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        tenant: string;
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The entry. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['AuditEntry'];
        };
      };
      /**
       * @description `unauthorized`: Credentials are missing.
       *
       *     `bad_token`: The token is not valid.
       *
       *     `token_expired`: The token has expired.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `forbidden`: This is not allowed. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `not_found`: There is no such thing. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `rate_limited`: Too many requests. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `internal`: Something went wrong here. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unavailable`: A part that this needs is away. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listTemplates: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description All of them. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            items: components['schemas']['Template'][];
          };
        };
      };
      /**
       * @description `unauthorized`: Credentials are missing.
       *
       *     `bad_token`: The token is not valid.
       *
       *     `token_expired`: The token has expired.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `forbidden`: This is not allowed. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `rate_limited`: Too many requests. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `internal`: Something went wrong here. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unavailable`: A part that this needs is away. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listApps: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        tenant: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description By key. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            items: components['schemas']['ListedApp'][];
            total: components['schemas']['Total'];
          };
        };
      };
      /**
       * @description `unauthorized`: Credentials are missing.
       *
       *     `bad_token`: The token is not valid.
       *
       *     `token_expired`: The token has expired.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `forbidden`: This is not allowed. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `not_found`: There is no such thing. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `rate_limited`: Too many requests. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `internal`: Something went wrong here. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unavailable`: A part that this needs is away. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  createApp: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        tenant: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          template: string;
          key: string;
          name: string;
        };
      };
    };
    responses: {
      /** @description The app, and its key, shown once. */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['NewApp'];
        };
      };
      /** @description `bad_request`: The request cannot be read. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `unauthorized`: Credentials are missing.
       *
       *     `bad_token`: The token is not valid.
       *
       *     `token_expired`: The token has expired.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `csrf`: The request does not come from the console.
       *
       *     `forbidden`: This is not allowed.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `not_found`: There is no such thing. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `request_timeout`: The request took too long to arrive. */
      408: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `conflict`: This conflicts with the present state. */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `too_large`: This is too large. */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unsupported_media_type`: This content type is not accepted. */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `too_many`: There are too many at once.
       *
       *     `invalid_body`: A field is not valid.
       */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `rate_limited`: Too many requests. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `internal`: Something went wrong here. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unavailable`: A part that this needs is away. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getApp: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        app: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The app, and the role that one has in it. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['OwnApp'];
        };
      };
      /**
       * @description `unauthorized`: Credentials are missing.
       *
       *     `bad_token`: The token is not valid.
       *
       *     `token_expired`: The token has expired.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `forbidden`: This is not allowed. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `not_found`: There is no such thing. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `rate_limited`: Too many requests. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `internal`: Something went wrong here. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unavailable`: A part that this needs is away. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  removeApp: {
    parameters: {
      query?: never;
      header?: {
        /** @description The same key with the same body is answered as before and does nothing. */
        'Idempotency-Key'?: string;
      };
      path: {
        app: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description It has begun. */
      202: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            job: components['schemas']['Job'];
          };
        };
      };
      /**
       * @description `unauthorized`: Credentials are missing.
       *
       *     `bad_token`: The token is not valid.
       *
       *     `token_expired`: The token has expired.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `csrf`: The request does not come from the console.
       *
       *     `forbidden`: This is not allowed.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `not_found`: There is no such thing. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `managed_by_file`: This is managed by the provision file. */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `precondition_failed`: Somebody else changed it meanwhile. */
      412: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `precondition_required`: The request does not say which version it changes. */
      428: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `rate_limited`: Too many requests. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `internal`: Something went wrong here. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unavailable`: A part that this needs is away. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  changeApp: {
    parameters: {
      query?: never;
      header?: {
        /** @description The same key with the same body is answered as before and does nothing. */
        'Idempotency-Key'?: string;
      };
      path: {
        app: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          name?: string;
          disabled?: boolean;
          protected?: boolean;
          /** @enum {string} */
          contentInConsole?: 'shown' | 'audited' | 'hidden';
          allowedOrigins?: string[];
          settings?: {
            waitMs?: number | null;
            /** @enum {string|null} */
            deliveredMeans?: 'attended' | 'visible' | 'any' | null;
            retentionMs?: number | null;
            journeyRetentionMs?: number | null;
            pushQuota?: {
              perMinute?: number | null;
              perDay?: number | null;
            } | null;
            fallbacks?:
              | {
                  /** @enum {string} */
                  after: 'no_device' | 'failed' | 'not_opened';
                  afterMs: number;
                  /** @enum {string} */
                  channel?: 'push' | 'email' | 'sms' | 'chat' | 'webhook';
                  /**
                   * @description An id that the app chooses.
                   * @example ward-7
                   */
                  provider?: string;
                  kinds?: string[];
                  priorities?: ('low' | 'normal' | 'high' | 'urgent')[];
                }[]
              | null;
            uploads?: {
              enabled?: boolean | null;
              maxBytes?: number | null;
              types?: string[] | null;
              quotaBytes?: number | null;
              unusedKeepMs?: number | null;
            } | null;
          };
          limits?: {
            connections?: number | null;
            requestsPerMinute?: number | null;
          };
          expected?: number;
        };
      };
    };
    responses: {
      /** @description The app. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['App'];
        };
      };
      /** @description `bad_request`: The request cannot be read. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `unauthorized`: Credentials are missing.
       *
       *     `bad_token`: The token is not valid.
       *
       *     `token_expired`: The token has expired.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `csrf`: The request does not come from the console.
       *
       *     `forbidden`: This is not allowed.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `not_found`: There is no such thing. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `request_timeout`: The request took too long to arrive. */
      408: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `managed_by_file`: This is managed by the provision file.
       *
       *     `impact_changed`: This would now do something else than was said.
       */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `precondition_failed`: Somebody else changed it meanwhile. */
      412: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `too_large`: This is too large. */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unsupported_media_type`: This content type is not accepted. */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `invalid_body`: A field is not valid. */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `precondition_required`: The request does not say which version it changes. */
      428: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `rate_limited`: Too many requests. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `internal`: Something went wrong here. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unavailable`: A part that this needs is away. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getAppUsage: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        app: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Connections of all nodes; bytes of uploads. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['AppUsage'];
        };
      };
      /**
       * @description `unauthorized`: Credentials are missing.
       *
       *     `bad_token`: The token is not valid.
       *
       *     `token_expired`: The token has expired.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `forbidden`: This is not allowed. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `not_found`: There is no such thing. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `rate_limited`: Too many requests. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `internal`: Something went wrong here. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unavailable`: A part that this needs is away. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getAppImpact: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        app: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          name?: string;
          disabled?: boolean;
          protected?: boolean;
          /** @enum {string} */
          contentInConsole?: 'shown' | 'audited' | 'hidden';
          allowedOrigins?: string[];
          settings?: {
            waitMs?: number | null;
            /** @enum {string|null} */
            deliveredMeans?: 'attended' | 'visible' | 'any' | null;
            retentionMs?: number | null;
            journeyRetentionMs?: number | null;
            pushQuota?: {
              perMinute?: number | null;
              perDay?: number | null;
            } | null;
            fallbacks?:
              | {
                  /** @enum {string} */
                  after: 'no_device' | 'failed' | 'not_opened';
                  afterMs: number;
                  /** @enum {string} */
                  channel?: 'push' | 'email' | 'sms' | 'chat' | 'webhook';
                  /**
                   * @description An id that the app chooses.
                   * @example ward-7
                   */
                  provider?: string;
                  kinds?: string[];
                  priorities?: ('low' | 'normal' | 'high' | 'urgent')[];
                }[]
              | null;
            uploads?: {
              enabled?: boolean | null;
              maxBytes?: number | null;
              types?: string[] | null;
              quotaBytes?: number | null;
              unusedKeepMs?: number | null;
            } | null;
          };
          limits?: {
            connections?: number | null;
            requestsPerMinute?: number | null;
          };
          expected?: number;
        };
      };
    };
    responses: {
      /** @description Of a change that closes connections; else none. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Impact'];
        };
      };
      /** @description `bad_request`: The request cannot be read. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `unauthorized`: Credentials are missing.
       *
       *     `bad_token`: The token is not valid.
       *
       *     `token_expired`: The token has expired.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `csrf`: The request does not come from the console.
       *
       *     `forbidden`: This is not allowed.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `not_found`: There is no such thing. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `request_timeout`: The request took too long to arrive. */
      408: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `too_large`: This is too large. */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unsupported_media_type`: This content type is not accepted. */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `invalid_body`: A field is not valid. */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `rate_limited`: Too many requests. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `internal`: Something went wrong here. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unavailable`: A part that this needs is away. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listPages: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        app: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Each with its version. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Pages'];
        };
      };
      /**
       * @description `unauthorized`: Credentials are missing.
       *
       *     `bad_token`: The token is not valid.
       *
       *     `token_expired`: The token has expired.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `forbidden`: This is not allowed. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `not_found`: There is no such thing. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `rate_limited`: Too many requests. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `internal`: Something went wrong here. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unavailable`: A part that this needs is away. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  putPage: {
    parameters: {
      query?: never;
      header?: {
        /** @description The same key with the same body is answered as before and does nothing. */
        'Idempotency-Key'?: string;
      };
      path: {
        app: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          pattern: string;
          enabled: boolean;
          /** @default true */
          requireAuth?: boolean;
          /** @default true */
          autoConnect?: boolean;
          /** @default default */
          connectionType?: string;
          /** @default [] */
          features?: string[];
          requireRoles?: string[];
          topics?: string[];
          presenceTopics?: string[];
          /** @enum {string} */
          presence?: 'shared' | 'everyone';
        };
      };
    };
    responses: {
      /** @description Changed, or as it was. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Page'];
        };
      };
      /** @description Made. */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Page'];
        };
      };
      /** @description `bad_request`: The request cannot be read. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `unauthorized`: Credentials are missing.
       *
       *     `bad_token`: The token is not valid.
       *
       *     `token_expired`: The token has expired.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `csrf`: The request does not come from the console.
       *
       *     `forbidden`: This is not allowed.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `not_found`: There is no such thing. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `request_timeout`: The request took too long to arrive. */
      408: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `managed_by_file`: This is managed by the provision file.
       *
       *     `conflict`: This conflicts with the present state.
       */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `precondition_failed`: Somebody else changed it meanwhile. */
      412: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `too_large`: This is too large. */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unsupported_media_type`: This content type is not accepted. */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `too_many`: There are too many at once.
       *
       *     `invalid_body`: A field is not valid.
       */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `precondition_required`: The request does not say which version it changes. */
      428: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `rate_limited`: Too many requests. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `internal`: Something went wrong here. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unavailable`: A part that this needs is away. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  deletePage: {
    parameters: {
      query: {
        pattern: string;
      };
      header?: {
        /** @description The same key with the same body is answered as before and does nothing. */
        'Idempotency-Key'?: string;
      };
      path: {
        app: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Its paths fall under the next best pattern. */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description `bad_request`: The request cannot be read. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `unauthorized`: Credentials are missing.
       *
       *     `bad_token`: The token is not valid.
       *
       *     `token_expired`: The token has expired.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `csrf`: The request does not come from the console.
       *
       *     `forbidden`: This is not allowed.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `not_found`: There is no such thing. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `managed_by_file`: This is managed by the provision file.
       *
       *     `conflict`: This conflicts with the present state.
       */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `precondition_failed`: Somebody else changed it meanwhile. */
      412: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `precondition_required`: The request does not say which version it changes. */
      428: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `rate_limited`: Too many requests. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `internal`: Something went wrong here. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unavailable`: A part that this needs is away. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  revertPage: {
    parameters: {
      query?: never;
      header?: {
        /** @description The same key with the same body is answered as before and does nothing. */
        'Idempotency-Key'?: string;
      };
      path: {
        app: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          pattern: string;
          version: number;
        };
      };
    };
    responses: {
      /** @description As it is now. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Page'];
        };
      };
      /** @description `bad_request`: The request cannot be read. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `unauthorized`: Credentials are missing.
       *
       *     `bad_token`: The token is not valid.
       *
       *     `token_expired`: The token has expired.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `csrf`: The request does not come from the console.
       *
       *     `forbidden`: This is not allowed.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `not_found`: There is no such thing. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `request_timeout`: The request took too long to arrive. */
      408: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `managed_by_file`: This is managed by the provision file.
       *
       *     `conflict`: This conflicts with the present state.
       */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `precondition_failed`: Somebody else changed it meanwhile. */
      412: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `too_large`: This is too large. */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unsupported_media_type`: This content type is not accepted. */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `too_many`: There are too many at once.
       *
       *     `invalid_body`: A field is not valid.
       */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `precondition_required`: The request does not say which version it changes. */
      428: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `rate_limited`: Too many requests. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `internal`: Something went wrong here. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unavailable`: A part that this needs is away. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  changePages: {
    parameters: {
      query?: never;
      header?: {
        /** @description The same key with the same body is answered as before and does nothing. */
        'Idempotency-Key'?: string;
      };
      path: {
        app: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          changes: (
            | {
                /** @enum {string} */
                op: 'put';
                ifVersion: number;
                policy: {
                  pattern: string;
                  enabled: boolean;
                  /** @default true */
                  requireAuth?: boolean;
                  /** @default true */
                  autoConnect?: boolean;
                  /** @default default */
                  connectionType?: string;
                  /** @default [] */
                  features?: string[];
                  requireRoles?: string[];
                  topics?: string[];
                  presenceTopics?: string[];
                  /** @enum {string} */
                  presence?: 'shared' | 'everyone';
                };
              }
            | {
                /** @enum {string} */
                op: 'remove';
                ifVersion: number;
                pattern: string;
              }
            | {
                /** @enum {string} */
                op: 'revert';
                ifVersion: number;
                pattern: string;
                version: number;
              }
          )[];
          note?: string;
          expected?: number;
        };
      };
    };
    responses: {
      /** @description What has another version now; without `page` where it was taken away. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            items: components['schemas']['ChangedPage'][];
          };
        };
      };
      /** @description `bad_request`: The request cannot be read. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `unauthorized`: Credentials are missing.
       *
       *     `bad_token`: The token is not valid.
       *
       *     `token_expired`: The token has expired.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `csrf`: The request does not come from the console.
       *
       *     `forbidden`: This is not allowed.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `not_found`: There is no such thing. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `request_timeout`: The request took too long to arrive. */
      408: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `managed_by_file`: This is managed by the provision file.
       *
       *     `impact_changed`: This would now do something else than was said.
       *
       *     `conflict`: This conflicts with the present state.
       */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `precondition_failed`: Somebody else changed it meanwhile. */
      412: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `too_large`: This is too large. */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unsupported_media_type`: This content type is not accepted. */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `too_many`: There are too many at once.
       *
       *     `invalid_body`: A field is not valid.
       */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `rate_limited`: Too many requests. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `internal`: Something went wrong here. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unavailable`: A part that this needs is away. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getPageImpact: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        app: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          changes: (
            | {
                /** @enum {string} */
                op: 'put';
                ifVersion: number;
                policy: {
                  pattern: string;
                  enabled: boolean;
                  /** @default true */
                  requireAuth?: boolean;
                  /** @default true */
                  autoConnect?: boolean;
                  /** @default default */
                  connectionType?: string;
                  /** @default [] */
                  features?: string[];
                  requireRoles?: string[];
                  topics?: string[];
                  presenceTopics?: string[];
                  /** @enum {string} */
                  presence?: 'shared' | 'everyone';
                };
              }
            | {
                /** @enum {string} */
                op: 'remove';
                ifVersion: number;
                pattern: string;
              }
            | {
                /** @enum {string} */
                op: 'revert';
                ifVersion: number;
                pattern: string;
                version: number;
              }
          )[];
        };
      };
    };
    responses: {
      /** @description In numbers, of all nodes. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['PageImpact'];
        };
      };
      /** @description `bad_request`: The request cannot be read. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `unauthorized`: Credentials are missing.
       *
       *     `bad_token`: The token is not valid.
       *
       *     `token_expired`: The token has expired.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `csrf`: The request does not come from the console.
       *
       *     `forbidden`: This is not allowed.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `not_found`: There is no such thing. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `request_timeout`: The request took too long to arrive. */
      408: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `too_large`: This is too large. */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unsupported_media_type`: This content type is not accepted. */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `invalid_body`: A field is not valid. */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `rate_limited`: Too many requests. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `internal`: Something went wrong here. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unavailable`: A part that this needs is away. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listPageHistory: {
    parameters: {
      query?: {
        pattern?: string;
        limit?: number;
        cursor?: string;
      };
      header?: never;
      path: {
        app: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Newest first. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            items: components['schemas']['PageVersion'][];
            nextCursor?: string;
          };
        };
      };
      /**
       * @description `bad_cursor`: The cursor or page size is not valid.
       *
       *     `bad_request`: The request cannot be read.
       */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `unauthorized`: Credentials are missing.
       *
       *     `bad_token`: The token is not valid.
       *
       *     `token_expired`: The token has expired.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `forbidden`: This is not allowed. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `not_found`: There is no such thing. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `rate_limited`: Too many requests. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `internal`: Something went wrong here. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unavailable`: A part that this needs is away. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getRollout: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        app: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Of all nodes; patterns without connections are left out. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Rollout'];
        };
      };
      /**
       * @description `unauthorized`: Credentials are missing.
       *
       *     `bad_token`: The token is not valid.
       *
       *     `token_expired`: The token has expired.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `forbidden`: This is not allowed. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `not_found`: There is no such thing. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `rate_limited`: Too many requests. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `internal`: Something went wrong here. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unavailable`: A part that this needs is away. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listKinds: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        app: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description By name; each with its broadcasts of the last 24 hours. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Kinds'];
        };
      };
      /**
       * @description `unauthorized`: Credentials are missing.
       *
       *     `bad_token`: The token is not valid.
       *
       *     `token_expired`: The token has expired.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `forbidden`: This is not allowed. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `not_found`: There is no such thing. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `rate_limited`: Too many requests. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `internal`: Something went wrong here. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unavailable`: A part that this needs is away. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getKind: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        app: string;
        /**
         * @description The name of a kind of broadcast.
         * @example lab_result
         */
        kind: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The kind. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['OwnKind'];
        };
      };
      /**
       * @description `unauthorized`: Credentials are missing.
       *
       *     `bad_token`: The token is not valid.
       *
       *     `token_expired`: The token has expired.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `forbidden`: This is not allowed. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `not_found`: There is no such thing. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `rate_limited`: Too many requests. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `internal`: Something went wrong here. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unavailable`: A part that this needs is away. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  putKind: {
    parameters: {
      query?: never;
      header?: {
        /** @description The same key with the same body is answered as before and does nothing. */
        'Idempotency-Key'?: string;
      };
      path: {
        app: string;
        /**
         * @description The name of a kind of broadcast.
         * @example lab_result
         */
        kind: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          /**
           * @description The name under which clients get the event.
           * @example lab_result
           */
          action: string;
          /** @enum {string} */
          audience: 'conversation' | 'inbox' | 'users' | 'topic' | 'everyone';
          /** @default false */
          durable?: ('conversation' | 'inbox') | false;
          feature?: string;
          sentBy?: components['schemas']['SentBy'];
          /** @default {} */
          policy?: {
            realtime?: ('all' | 'none') | ('mobile' | 'desktop' | 'tablet')[];
            /** @enum {string} */
            push?: 'never' | 'undelivered' | 'always';
            pushTo?: 'all' | ('mobile' | 'desktop' | 'tablet')[];
            waitMs?: number;
            ttlSeconds?: number;
            /** @enum {string} */
            priority?: 'low' | 'normal' | 'high' | 'urgent';
            collapseKey?: string;
            respectPreferences?: boolean;
          };
        };
      };
    };
    responses: {
      /** @description Changed, or as it was. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['OwnKind'];
        };
      };
      /** @description Added. */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['OwnKind'];
        };
      };
      /** @description `bad_request`: The request cannot be read. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `unauthorized`: Credentials are missing.
       *
       *     `bad_token`: The token is not valid.
       *
       *     `token_expired`: The token has expired.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `csrf`: The request does not come from the console.
       *
       *     `forbidden`: This is not allowed.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `not_found`: There is no such thing. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `request_timeout`: The request took too long to arrive. */
      408: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `managed_by_file`: This is managed by the provision file.
       *
       *     `conflict`: This conflicts with the present state.
       */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `precondition_failed`: Somebody else changed it meanwhile. */
      412: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `too_large`: This is too large. */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unsupported_media_type`: This content type is not accepted. */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `too_many`: There are too many at once.
       *
       *     `invalid_body`: A field is not valid.
       */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `precondition_required`: The request does not say which version it changes. */
      428: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `rate_limited`: Too many requests. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `internal`: Something went wrong here. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unavailable`: A part that this needs is away. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  deleteKind: {
    parameters: {
      query?: never;
      header?: {
        /** @description The same key with the same body is answered as before and does nothing. */
        'Idempotency-Key'?: string;
      };
      path: {
        app: string;
        /**
         * @description The name of a kind of broadcast.
         * @example lab_result
         */
        kind: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description It is gone. */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /**
       * @description `unauthorized`: Credentials are missing.
       *
       *     `bad_token`: The token is not valid.
       *
       *     `token_expired`: The token has expired.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `csrf`: The request does not come from the console.
       *
       *     `forbidden`: This is not allowed.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `not_found`: There is no such thing. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `managed_by_file`: This is managed by the provision file.
       *
       *     `conflict`: This conflicts with the present state.
       */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `precondition_failed`: Somebody else changed it meanwhile. */
      412: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `precondition_required`: The request does not say which version it changes. */
      428: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `rate_limited`: Too many requests. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `internal`: Something went wrong here. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unavailable`: A part that this needs is away. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listMessageTypes: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        app: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description By name. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            items: components['schemas']['MessageTypeForm'][];
          };
        };
      };
      /**
       * @description `unauthorized`: Credentials are missing.
       *
       *     `bad_token`: The token is not valid.
       *
       *     `token_expired`: The token has expired.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `forbidden`: This is not allowed. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `not_found`: There is no such thing. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `rate_limited`: Too many requests. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `internal`: Something went wrong here. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unavailable`: A part that this needs is away. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  previewMessage: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        app: string;
        /**
         * @description The message type, which says what the content is.
         * @example text
         */
        type: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          /**
           * @description A JSON object whose fields are not those of Belfry.
           * @example {
           *       "ward": "7"
           *     }
           */
          content: {
            [key: string]: unknown;
          };
          /** @default en */
          locale?: string;
        };
      };
    };
    responses: {
      /** @description Nothing was sent. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['PushPreview'];
        };
      };
      /** @description `bad_request`: The request cannot be read. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `unauthorized`: Credentials are missing.
       *
       *     `bad_token`: The token is not valid.
       *
       *     `token_expired`: The token has expired.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `csrf`: The request does not come from the console.
       *
       *     `forbidden`: This is not allowed.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `not_found`: There is no such thing. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `request_timeout`: The request took too long to arrive. */
      408: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `too_large`: This is too large. */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unsupported_media_type`: This content type is not accepted. */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `invalid_content`: The content is not valid for its message type.
       *
       *     `invalid_body`: A field is not valid.
       */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `rate_limited`: Too many requests. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `internal`: Something went wrong here. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unavailable`: A part that this needs is away. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  explainBroadcast: {
    parameters: {
      query?: {
        locale?: string;
      };
      header?: never;
      path: {
        app: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['BroadcastRequest'];
      };
    };
    responses: {
      /** @description The decisions per connection and device. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['BroadcastExplanation'];
        };
      };
      /** @description `bad_request`: The request cannot be read. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `unauthorized`: Credentials are missing.
       *
       *     `bad_token`: The token is not valid.
       *
       *     `token_expired`: The token has expired.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `csrf`: The request does not come from the console.
       *
       *     `forbidden`: This is not allowed.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `not_found`: There is no such thing. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `request_timeout`: The request took too long to arrive. */
      408: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `too_large`: This is too large. */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unsupported_media_type`: This content type is not accepted. */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `invalid_content`: The content is not valid for its message type.
       *
       *     `unknown_kind`: There is no such kind.
       *
       *     `unknown_message_type`: There is no such message type.
       *
       *     `invalid_body`: A field is not valid.
       */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `rate_limited`: Too many requests. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `internal`: Something went wrong here. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `overloaded`: The server has too much to do.
       *
       *     `unavailable`: A part that this needs is away.
       */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  sendBroadcast: {
    parameters: {
      query?: never;
      header?: {
        /** @description The same key with the same body is answered as before and does nothing. */
        'Idempotency-Key'?: string;
      };
      path: {
        app: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          broadcast: components['schemas']['BroadcastRequest'];
          expected: number;
        };
      };
    };
    responses: {
      /** @description Accepted; what is durable is stored. */
      202: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['BroadcastResult'];
        };
      };
      /** @description `bad_request`: The request cannot be read. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `unauthorized`: Credentials are missing.
       *
       *     `bad_token`: The token is not valid.
       *
       *     `token_expired`: The token has expired.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `csrf`: The request does not come from the console.
       *
       *     `forbidden`: This is not allowed.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `not_found`: There is no such thing. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `request_timeout`: The request took too long to arrive. */
      408: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `idempotency_conflict`: This id was used for something else.
       *
       *     `impact_changed`: This would now do something else than was said.
       */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `too_large`: This is too large. */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unsupported_media_type`: This content type is not accepted. */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `invalid_content`: The content is not valid for its message type.
       *
       *     `unknown_kind`: There is no such kind.
       *
       *     `unknown_message_type`: There is no such message type.
       *
       *     `invalid_body`: A field is not valid.
       */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `rate_limited`: Too many requests. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `internal`: Something went wrong here. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `overloaded`: The server has too much to do.
       *
       *     `unavailable`: A part that this needs is away.
       */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listJourneys: {
    parameters: {
      query?: {
        reason?:
          | (
              | 'sent'
              | 'acked'
              | 'acked_hidden'
              | 'no_connection'
              | 'device_type_excluded'
              | 'feature_off_on_page'
              | 'slow_consumer'
              | 'excluded_sender'
              | 'not_a_member'
              | 'waiting_for_ack'
              | 'cancelled_acked'
              | 'cancelled_read'
              | 'queued'
              | 'accepted_by_provider'
              | 'delivered'
              | 'delivery_failed'
              | 'opened'
              | 'retrying'
              | 'expired_ttl'
              | 'no_device'
              | 'no_provider_for_device'
              | 'target_gone'
              | 'payload_rejected'
              | 'credentials_rejected'
              | 'quota'
              | 'muted'
              | 'mentions_only'
              | 'quiet_hours_deferred'
              | 'preference_off'
              | 'policy_never'
              | 'fallback_waiting'
              | 'fallback_from'
              | 'fallback_not_needed'
              | 'collapsed_into'
            )
          | (
              | 'sent'
              | 'acked'
              | 'acked_hidden'
              | 'no_connection'
              | 'device_type_excluded'
              | 'feature_off_on_page'
              | 'slow_consumer'
              | 'excluded_sender'
              | 'not_a_member'
              | 'waiting_for_ack'
              | 'cancelled_acked'
              | 'cancelled_read'
              | 'queued'
              | 'accepted_by_provider'
              | 'delivered'
              | 'delivery_failed'
              | 'opened'
              | 'retrying'
              | 'expired_ttl'
              | 'no_device'
              | 'no_provider_for_device'
              | 'target_gone'
              | 'payload_rejected'
              | 'credentials_rejected'
              | 'quota'
              | 'muted'
              | 'mentions_only'
              | 'quiet_hours_deferred'
              | 'preference_off'
              | 'policy_never'
              | 'fallback_waiting'
              | 'fallback_from'
              | 'fallback_not_needed'
              | 'collapsed_into'
            )[];
        kind?: string;
        user?: string;
        conversation?: string;
        state?: 'moving' | 'failed' | 'done';
        from?: string;
        to?: string;
        limit?: number;
        cursor?: string;
        counts?: '1';
        format?: 'csv' | 'ndjson';
      };
      header?: never;
      path: {
        app: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description A page of them. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            items: components['schemas']['JourneyRow'][];
            nextCursor?: string;
            total?: components['schemas']['Total'];
            facets?: {
              reason: {
                value: string;
                count: number;
              }[];
              kind: {
                value: string;
                count: number;
              }[];
            };
          };
        };
      };
      /**
       * @description `bad_cursor`: The cursor or page size is not valid.
       *
       *     `bad_request`: The request cannot be read.
       */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `unauthorized`: Credentials are missing.
       *
       *     `bad_token`: The token is not valid.
       *
       *     `token_expired`: The token has expired.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `forbidden`: This is not allowed. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `not_found`: There is no such thing. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `rate_limited`: Too many requests. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `internal`: Something went wrong here. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unavailable`: A part that this needs is away. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getJourneySeen: {
    parameters: {
      query?: {
        user?: string;
      };
      header?: never;
      path: {
        app: string;
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Above 1,000 recipients only the counts. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['JourneySeen'];
        };
      };
      /** @description `bad_request`: The request cannot be read. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `unauthorized`: Credentials are missing.
       *
       *     `bad_token`: The token is not valid.
       *
       *     `token_expired`: The token has expired.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `forbidden`: This is not allowed. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `not_found`: There is no such thing. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `rate_limited`: Too many requests. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `internal`: Something went wrong here. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unavailable`: A part that this needs is away. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  explainJourney: {
    parameters: {
      query?: {
        /** @description The id of a user, as the app names them: 1 to 128 printable characters. */
        user?: string;
      };
      header?: never;
      path: {
        app: string;
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The decisions, now and not then. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Explanation'];
        };
      };
      /** @description `bad_request`: The request cannot be read. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `unauthorized`: Credentials are missing.
       *
       *     `bad_token`: The token is not valid.
       *
       *     `token_expired`: The token has expired.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `forbidden`: This is not allowed. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `not_found`: There is no such thing. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `message_deleted`: The message was deleted. */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `too_large`: This is too large. */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `invalid_content`: The content is not valid for its message type.
       *
       *     `unknown_kind`: There is no such kind.
       *
       *     `unknown_message_type`: There is no such message type.
       */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `rate_limited`: Too many requests. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `internal`: Something went wrong here. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `overloaded`: The server has too much to do.
       *
       *     `unavailable`: A part that this needs is away.
       */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  resendMessage: {
    parameters: {
      query?: never;
      header?: {
        /** @description The same key with the same body is answered as before and does nothing. */
        'Idempotency-Key'?: string;
      };
      path: {
        app: string;
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          to: 'unreached' | string[];
          expected: number;
        };
      };
    };
    responses: {
      /** @description Accepted. */
      202: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            /**
             * Format: uuid
             * @description An id that Belfry made.
             * @example 01890a5d-ac96-774b-bcce-b302099a8057
             */
            messageId: string;
            recipients: number;
          };
        };
      };
      /** @description `bad_request`: The request cannot be read. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `unauthorized`: Credentials are missing.
       *
       *     `bad_token`: The token is not valid.
       *
       *     `token_expired`: The token has expired.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `csrf`: The request does not come from the console.
       *
       *     `forbidden`: This is not allowed.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `not_found`: There is no such thing. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `request_timeout`: The request took too long to arrive. */
      408: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `message_deleted`: The message was deleted.
       *
       *     `impact_changed`: This would now do something else than was said.
       */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `too_large`: This is too large. */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unsupported_media_type`: This content type is not accepted. */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `invalid_content`: The content is not valid for its message type.
       *
       *     `unknown_kind`: There is no such kind.
       *
       *     `unknown_message_type`: There is no such message type.
       *
       *     `invalid_body`: A field is not valid.
       */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `rate_limited`: Too many requests. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `internal`: Something went wrong here. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `overloaded`: The server has too much to do.
       *
       *     `unavailable`: A part that this needs is away.
       */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listRefusals: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        app: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description At most 200 sorts, the newest first. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            items: components['schemas']['Refusal'][];
            total: components['schemas']['Total'];
            silentNodes: string[];
          };
        };
      };
      /**
       * @description `unauthorized`: Credentials are missing.
       *
       *     `bad_token`: The token is not valid.
       *
       *     `token_expired`: The token has expired.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `forbidden`: This is not allowed. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `not_found`: There is no such thing. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `rate_limited`: Too many requests. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `internal`: Something went wrong here. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unavailable`: A part that this needs is away. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getConnecting: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        app: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description As it is now. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Connecting'];
        };
      };
      /**
       * @description `unauthorized`: Credentials are missing.
       *
       *     `bad_token`: The token is not valid.
       *
       *     `token_expired`: The token has expired.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `forbidden`: This is not allowed. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `not_found`: There is no such thing. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `rate_limited`: Too many requests. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `internal`: Something went wrong here. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unavailable`: A part that this needs is away. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listKeys: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        app: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description By name, the newest of a name first. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            items: components['schemas']['ApiKey'][];
            total: components['schemas']['Total'];
          };
        };
      };
      /**
       * @description `unauthorized`: Credentials are missing.
       *
       *     `bad_token`: The token is not valid.
       *
       *     `token_expired`: The token has expired.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `forbidden`: This is not allowed. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `not_found`: There is no such thing. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `rate_limited`: Too many requests. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `internal`: Something went wrong here. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unavailable`: A part that this needs is away. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  createKey: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        app: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          name: string;
          scopes: string[];
        };
      };
    };
    responses: {
      /** @description The key, shown once. */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['MadeApiKey'];
        };
      };
      /** @description `bad_request`: The request cannot be read. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `unauthorized`: Credentials are missing.
       *
       *     `bad_token`: The token is not valid.
       *
       *     `token_expired`: The token has expired.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `confirm_needed`: This wants the password or a code again.
       *
       *     `csrf`: The request does not come from the console.
       *
       *     `forbidden`: This is not allowed.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `not_found`: There is no such thing. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `request_timeout`: The request took too long to arrive. */
      408: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `conflict`: This conflicts with the present state. */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `too_large`: This is too large. */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unsupported_media_type`: This content type is not accepted. */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `too_many`: There are too many at once.
       *
       *     `invalid_body`: A field is not valid.
       */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `rate_limited`: Too many requests. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `internal`: Something went wrong here. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unavailable`: A part that this needs is away. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  rotateKey: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        app: string;
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          overlapSeconds: number;
        };
      };
    };
    responses: {
      /** @description The new key, shown once. */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['MadeApiKey'];
        };
      };
      /** @description `bad_request`: The request cannot be read. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `unauthorized`: Credentials are missing.
       *
       *     `bad_token`: The token is not valid.
       *
       *     `token_expired`: The token has expired.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `confirm_needed`: This wants the password or a code again.
       *
       *     `csrf`: The request does not come from the console.
       *
       *     `forbidden`: This is not allowed.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `not_found`: There is no such thing. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `request_timeout`: The request took too long to arrive. */
      408: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `managed_by_file`: This is managed by the provision file.
       *
       *     `conflict`: This conflicts with the present state.
       */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `too_large`: This is too large. */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unsupported_media_type`: This content type is not accepted. */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `too_many`: There are too many at once.
       *
       *     `invalid_body`: A field is not valid.
       */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `rate_limited`: Too many requests. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `internal`: Something went wrong here. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unavailable`: A part that this needs is away. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  removeKey: {
    parameters: {
      query?: never;
      header?: {
        /** @description The same key with the same body is answered as before and does nothing. */
        'Idempotency-Key'?: string;
      };
      path: {
        app: string;
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Nobody gets in with it any more. */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /**
       * @description `unauthorized`: Credentials are missing.
       *
       *     `bad_token`: The token is not valid.
       *
       *     `token_expired`: The token has expired.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `confirm_needed`: This wants the password or a code again.
       *
       *     `csrf`: The request does not come from the console.
       *
       *     `forbidden`: This is not allowed.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `not_found`: There is no such thing. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `managed_by_file`: This is managed by the provision file. */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `rate_limited`: Too many requests. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `internal`: Something went wrong here. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unavailable`: A part that this needs is away. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getSigning: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        app: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description As it is now. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Signing'];
        };
      };
      /**
       * @description `unauthorized`: Credentials are missing.
       *
       *     `bad_token`: The token is not valid.
       *
       *     `token_expired`: The token has expired.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `forbidden`: This is not allowed. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `not_found`: There is no such thing. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `rate_limited`: Too many requests. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `internal`: Something went wrong here. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unavailable`: A part that this needs is away. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  createSigningSecret: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        app: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          secret?: string;
        };
      };
    };
    responses: {
      /** @description The secret, shown once. */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['MadeSigningSecret'];
        };
      };
      /** @description `bad_request`: The request cannot be read. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `unauthorized`: Credentials are missing.
       *
       *     `bad_token`: The token is not valid.
       *
       *     `token_expired`: The token has expired.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `confirm_needed`: This wants the password or a code again.
       *
       *     `csrf`: The request does not come from the console.
       *
       *     `forbidden`: This is not allowed.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `not_found`: There is no such thing. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `request_timeout`: The request took too long to arrive. */
      408: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `managed_by_file`: This is managed by the provision file.
       *
       *     `conflict`: This conflicts with the present state.
       */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `too_large`: This is too large. */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unsupported_media_type`: This content type is not accepted. */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `too_many`: There are too many at once.
       *
       *     `invalid_body`: A field is not valid.
       */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `rate_limited`: Too many requests. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `internal`: Something went wrong here. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unavailable`: A part that this needs is away. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  removeSigningSecret: {
    parameters: {
      query?: never;
      header?: {
        /** @description The same key with the same body is answered as before and does nothing. */
        'Idempotency-Key'?: string;
      };
      path: {
        app: string;
        kid: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description As it is now. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Signing'];
        };
      };
      /**
       * @description `unauthorized`: Credentials are missing.
       *
       *     `bad_token`: The token is not valid.
       *
       *     `token_expired`: The token has expired.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `confirm_needed`: This wants the password or a code again.
       *
       *     `csrf`: The request does not come from the console.
       *
       *     `forbidden`: This is not allowed.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `not_found`: There is no such thing. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `managed_by_file`: This is managed by the provision file.
       *
       *     `conflict`: This conflicts with the present state.
       */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `rate_limited`: Too many requests. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `internal`: Something went wrong here. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unavailable`: A part that this needs is away. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  setJwksUrl: {
    parameters: {
      query?: never;
      header?: {
        /** @description The same key with the same body is answered as before and does nothing. */
        'Idempotency-Key'?: string;
      };
      path: {
        app: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          url: string | null;
        };
      };
    };
    responses: {
      /** @description As it is now. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Signing'];
        };
      };
      /** @description `bad_request`: The request cannot be read. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `unauthorized`: Credentials are missing.
       *
       *     `bad_token`: The token is not valid.
       *
       *     `token_expired`: The token has expired.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `confirm_needed`: This wants the password or a code again.
       *
       *     `csrf`: The request does not come from the console.
       *
       *     `forbidden`: This is not allowed.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `not_found`: There is no such thing. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `request_timeout`: The request took too long to arrive. */
      408: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `managed_by_file`: This is managed by the provision file.
       *
       *     `conflict`: This conflicts with the present state.
       */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `too_large`: This is too large. */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unsupported_media_type`: This content type is not accepted. */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `invalid_body`: A field is not valid. */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `rate_limited`: Too many requests. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `internal`: Something went wrong here. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unavailable`: A part that this needs is away. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  checkJwksUrl: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        app: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          url: string;
        };
      };
    };
    responses: {
      /** @description The keys, or why there are none. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['CheckedKeySet'];
        };
      };
      /** @description `bad_request`: The request cannot be read. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `unauthorized`: Credentials are missing.
       *
       *     `bad_token`: The token is not valid.
       *
       *     `token_expired`: The token has expired.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `csrf`: The request does not come from the console.
       *
       *     `forbidden`: This is not allowed.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `not_found`: There is no such thing. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `request_timeout`: The request took too long to arrive. */
      408: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `too_large`: This is too large. */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unsupported_media_type`: This content type is not accepted. */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `invalid_body`: A field is not valid. */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `rate_limited`: Too many requests. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `internal`: Something went wrong here. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unavailable`: A part that this needs is away. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  inspectToken: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        app: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          token: string;
        };
      };
    };
    responses: {
      /** @description Every check, also those behind the first that fails. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['TokenInspection'];
        };
      };
      /** @description `bad_request`: The request cannot be read. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `unauthorized`: Credentials are missing.
       *
       *     `bad_token`: The token is not valid.
       *
       *     `token_expired`: The token has expired.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `csrf`: The request does not come from the console.
       *
       *     `forbidden`: This is not allowed.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `not_found`: There is no such thing. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `request_timeout`: The request took too long to arrive. */
      408: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `too_large`: This is too large. */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unsupported_media_type`: This content type is not accepted. */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `invalid_body`: A field is not valid. */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `rate_limited`: Too many requests. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `internal`: Something went wrong here. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unavailable`: A part that this needs is away. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  createTrialToken: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        app: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          /**
           * @description The id of a user, as the app names them: 1 to 128 printable characters.
           * @example ann
           */
          userId: string;
          /** @default 3600 */
          expiresInSeconds?: number;
          name?: string;
          avatar?: string;
          topics?: string[];
          presenceTopics?: string[];
          roles?: string[];
        };
      };
    };
    responses: {
      /** @description Good until `expiresAt`. */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['TrialToken'];
        };
      };
      /** @description `bad_request`: The request cannot be read. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `unauthorized`: Credentials are missing.
       *
       *     `bad_token`: The token is not valid.
       *
       *     `token_expired`: The token has expired.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `csrf`: The request does not come from the console.
       *
       *     `forbidden`: This is not allowed.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `not_found`: There is no such thing. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `request_timeout`: The request took too long to arrive. */
      408: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `conflict`: This conflicts with the present state. */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `too_large`: This is too large. */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unsupported_media_type`: This content type is not accepted. */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `invalid_body`: A field is not valid. */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `rate_limited`: Too many requests. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `internal`: Something went wrong here. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unavailable`: A part that this needs is away. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listConnections: {
    parameters: {
      query?: {
        user?: string | string[];
        device?: string | string[];
        page?: string | string[];
        type?: string | string[];
        node?: string | string[];
        visible?: string | string[];
        policy?: string | string[];
        older?: string;
        rtt?: string;
        behind?: '1';
        q?: string;
        sort?:
          | 'connectedAt'
          | '-connectedAt'
          | 'user'
          | '-user'
          | 'device'
          | '-device'
          | 'page'
          | '-page'
          | 'rtt'
          | '-rtt'
          | 'node'
          | '-node'
          | 'policy'
          | '-policy'
          | 'behind'
          | '-behind';
        limit?: number;
        cursor?: string;
        format?: 'csv' | 'ndjson';
      };
      header?: never;
      path: {
        app: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description A page of them. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            items: components['schemas']['ConnectionRow'][];
            nextCursor?: string;
            total: {
              value: number;
            };
            people: number;
            strangers: number;
            facets: {
              [key: string]: {
                value: string;
                count: number;
              }[];
            };
            silentNodes: string[];
          };
        };
      };
      /**
       * @description `bad_cursor`: The cursor or page size is not valid.
       *
       *     `bad_request`: The request cannot be read.
       */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `unauthorized`: Credentials are missing.
       *
       *     `bad_token`: The token is not valid.
       *
       *     `token_expired`: The token has expired.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `forbidden`: This is not allowed. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `not_found`: There is no such thing. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `rate_limited`: Too many requests. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `internal`: Something went wrong here. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unavailable`: A part that this needs is away. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getConnection: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        app: string;
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The connection. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            id: string;
            user: string;
            name?: string;
            visitor: boolean;
            /** @enum {string} */
            device: 'mobile' | 'desktop' | 'tablet';
            deviceId: string;
            path: string;
            page: string;
            type: string;
            node: string;
            visible: boolean;
            attended: boolean;
            connectedAt: string;
            policy?: number;
            confirmed?: number;
            /** @enum {string} */
            policyState: 'current' | 'old' | 'unsaid';
            rttMs?: number;
            behindBytes: number;
            platform?: string;
            appVersion?: string;
            locale?: string;
            details?: {
              address?: string;
              topics: string[];
              features: string[];
              roles: string[];
              tokenExpiresAt?: string;
            };
          };
        };
      };
      /**
       * @description `unauthorized`: Credentials are missing.
       *
       *     `bad_token`: The token is not valid.
       *
       *     `token_expired`: The token has expired.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `forbidden`: This is not allowed. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `not_found`: There is no such thing. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `rate_limited`: Too many requests. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `internal`: Something went wrong here. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unavailable`: A part that this needs is away. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  disconnect: {
    parameters: {
      query?: never;
      header?: {
        /** @description The same key with the same body is answered as before and does nothing. */
        'Idempotency-Key'?: string;
      };
      path: {
        app: string;
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description It was told to close. */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /**
       * @description `unauthorized`: Credentials are missing.
       *
       *     `bad_token`: The token is not valid.
       *
       *     `token_expired`: The token has expired.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `csrf`: The request does not come from the console.
       *
       *     `forbidden`: This is not allowed.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `not_found`: There is no such thing. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `rate_limited`: Too many requests. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `internal`: Something went wrong here. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unavailable`: A part that this needs is away. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  askToReconnect: {
    parameters: {
      query?: never;
      header?: {
        /** @description The same key with the same body is answered as before and does nothing. */
        'Idempotency-Key'?: string;
      };
      path: {
        app: string;
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description It was asked. */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /**
       * @description `unauthorized`: Credentials are missing.
       *
       *     `bad_token`: The token is not valid.
       *
       *     `token_expired`: The token has expired.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `csrf`: The request does not come from the console.
       *
       *     `forbidden`: This is not allowed.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `not_found`: There is no such thing. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `rate_limited`: Too many requests. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `internal`: Something went wrong here. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unavailable`: A part that this needs is away. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  sendTestEvent: {
    parameters: {
      query?: never;
      header?: {
        /** @description The same key with the same body is answered as before and does nothing. */
        'Idempotency-Key'?: string;
      };
      path: {
        app: string;
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          /**
           * @description A JSON object whose fields are not those of Belfry.
           * @example {
           *       "ward": "7"
           *     }
           */
          data?: {
            [key: string]: unknown;
          };
        };
      };
    };
    responses: {
      /** @description It was sent. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            /**
             * Format: uuid
             * @description An id that Belfry made.
             * @example 01890a5d-ac96-774b-bcce-b302099a8057
             */
            messageId: string;
          };
        };
      };
      /** @description `bad_request`: The request cannot be read. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `unauthorized`: Credentials are missing.
       *
       *     `bad_token`: The token is not valid.
       *
       *     `token_expired`: The token has expired.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `csrf`: The request does not come from the console.
       *
       *     `forbidden`: This is not allowed.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `not_found`: There is no such thing. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `request_timeout`: The request took too long to arrive. */
      408: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `too_large`: This is too large. */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unsupported_media_type`: This content type is not accepted. */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `invalid_body`: A field is not valid. */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `rate_limited`: Too many requests. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `internal`: Something went wrong here. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unavailable`: A part that this needs is away. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  closeConnections: {
    parameters: {
      query?: never;
      header?: {
        /** @description The same key with the same body is answered as before and does nothing. */
        'Idempotency-Key'?: string;
      };
      path: {
        app: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          filter: {
            user?: string | string[];
            device?: string | string[];
            page?: string | string[];
            type?: string | string[];
            node?: string | string[];
            visible?: string | string[];
            policy?: string | string[];
            older?: string;
            rtt?: string;
            /** @enum {string} */
            behind?: '1';
            q?: string;
          };
          /** @enum {string} */
          how: 'reconnect' | 'disconnect';
          /** @default 100 */
          perSecond?: number;
          expected: number;
        };
      };
    };
    responses: {
      /** @description It has begun. */
      202: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            job: components['schemas']['Job'];
          };
        };
      };
      /** @description `bad_request`: The request cannot be read. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `unauthorized`: Credentials are missing.
       *
       *     `bad_token`: The token is not valid.
       *
       *     `token_expired`: The token has expired.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `csrf`: The request does not come from the console.
       *
       *     `forbidden`: This is not allowed.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `not_found`: There is no such thing. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `request_timeout`: The request took too long to arrive. */
      408: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `impact_changed`: This would now do something else than was said. */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `too_large`: This is too large. */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unsupported_media_type`: This content type is not accepted. */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `invalid_body`: A field is not valid. */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `rate_limited`: Too many requests. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `internal`: Something went wrong here. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unavailable`: A part that this needs is away. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  openView: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        app: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json':
          | {
              /** @enum {string} */
              kind: 'connections';
              tab: string;
              /** @default {} */
              filter?: {
                user?: string | string[];
                device?: string | string[];
                page?: string | string[];
                type?: string | string[];
                node?: string | string[];
                visible?: string | string[];
                policy?: string | string[];
                older?: string;
                rtt?: string;
                /** @enum {string} */
                behind?: '1';
                q?: string;
              };
              /**
               * @default -connectedAt
               * @enum {string}
               */
              sort?:
                | 'connectedAt'
                | '-connectedAt'
                | 'user'
                | '-user'
                | 'device'
                | '-device'
                | 'page'
                | '-page'
                | 'rtt'
                | '-rtt'
                | 'node'
                | '-node'
                | 'policy'
                | '-policy'
                | 'behind'
                | '-behind';
              window: {
                /** @default 0 */
                from?: number;
                /** @default 100 */
                size?: number;
                /** @default false */
                follows?: boolean;
              };
            }
          | {
              /** @enum {string} */
              kind: 'live';
              tab: string;
              /** @default {} */
              filter?: {
                type?: string[];
                action?: string[];
                user?: string[];
                page?: string[];
                reason?: string[];
                kind?: string[];
                conversation?: string[];
              };
            }
          | {
              /** @enum {string} */
              kind: 'frames';
              tab: string;
              connection: string;
              /** @default false */
              withBodies?: boolean;
            }
          | {
              /** @enum {string} */
              kind: 'history';
              tab: string;
              connection: string;
            };
      };
    };
    responses: {
      /** @description The list as it is. */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json':
            | {
                n: number;
                from: number;
                rows: components['schemas']['ConnectionRow'][];
                total: number;
                people: number;
                strangers: number;
                fresh: number;
                facets: {
                  [key: string]: {
                    value: string;
                    count: number;
                  }[];
                };
                silent?: string[];
                id: string;
                topic: string;
              }
            | {
                id: string;
                topic: string;
                withBodies?: boolean;
              };
        };
      };
      /** @description `bad_request`: The request cannot be read. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `unauthorized`: Credentials are missing.
       *
       *     `bad_token`: The token is not valid.
       *
       *     `token_expired`: The token has expired.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `csrf`: The request does not come from the console.
       *
       *     `forbidden`: This is not allowed.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `not_found`: There is no such thing. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `request_timeout`: The request took too long to arrive. */
      408: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `too_large`: This is too large. */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unsupported_media_type`: This content type is not accepted. */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `too_many`: There are too many at once.
       *
       *     `invalid_body`: A field is not valid.
       */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `rate_limited`: Too many requests. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `internal`: Something went wrong here. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unavailable`: A part that this needs is away. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  closeView: {
    parameters: {
      query?: never;
      header?: {
        /** @description The same key with the same body is answered as before and does nothing. */
        'Idempotency-Key'?: string;
      };
      path: {
        app: string;
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description It is gone. */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /**
       * @description `unauthorized`: Credentials are missing.
       *
       *     `bad_token`: The token is not valid.
       *
       *     `token_expired`: The token has expired.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `csrf`: The request does not come from the console.
       *
       *     `forbidden`: This is not allowed.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `not_found`: There is no such thing. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `rate_limited`: Too many requests. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `internal`: Something went wrong here. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unavailable`: A part that this needs is away. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  moveView: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        app: string;
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          window: {
            /** @default 0 */
            from?: number;
            /** @default 100 */
            size?: number;
            /** @default false */
            follows?: boolean;
          };
          /** @default false */
          refresh?: boolean;
        };
      };
    };
    responses: {
      /** @description This part, as it is. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ViewWindow'];
        };
      };
      /** @description `bad_request`: The request cannot be read. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `unauthorized`: Credentials are missing.
       *
       *     `bad_token`: The token is not valid.
       *
       *     `token_expired`: The token has expired.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `csrf`: The request does not come from the console.
       *
       *     `forbidden`: This is not allowed.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `not_found`: There is no such thing. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `request_timeout`: The request took too long to arrive. */
      408: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `too_large`: This is too large. */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unsupported_media_type`: This content type is not accepted. */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `invalid_body`: A field is not valid. */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `rate_limited`: Too many requests. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `internal`: Something went wrong here. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unavailable`: A part that this needs is away. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listUsers: {
    parameters: {
      query?: {
        q?: string;
        limit?: number;
        cursor?: string;
        counts?: '1';
        format?: 'csv' | 'ndjson';
      };
      header?: never;
      path: {
        app: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description A page of them, by id. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            items: components['schemas']['UserRow'][];
            nextCursor?: string;
            total?: components['schemas']['Total'];
            online?: number;
          };
        };
      };
      /**
       * @description `bad_cursor`: The cursor or page size is not valid.
       *
       *     `bad_request`: The request cannot be read.
       */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `unauthorized`: Credentials are missing.
       *
       *     `bad_token`: The token is not valid.
       *
       *     `token_expired`: The token has expired.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `forbidden`: This is not allowed. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `not_found`: There is no such thing. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `rate_limited`: Too many requests. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `internal`: Something went wrong here. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unavailable`: A part that this needs is away. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getUser: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        app: string;
        /**
         * @description The id of a user, as the app names them: 1 to 128 printable characters.
         * @example ann
         */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The user. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['UserSeen'];
        };
      };
      /**
       * @description `unauthorized`: Credentials are missing.
       *
       *     `bad_token`: The token is not valid.
       *
       *     `token_expired`: The token has expired.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `forbidden`: This is not allowed. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `not_found`: There is no such thing. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `rate_limited`: Too many requests. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `internal`: Something went wrong here. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unavailable`: A part that this needs is away. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listUserConnections: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        app: string;
        /**
         * @description The id of a user, as the app names them: 1 to 128 printable characters.
         * @example ann
         */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description All of them. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            items: components['schemas']['ConnectionRow'][];
          };
        };
      };
      /**
       * @description `unauthorized`: Credentials are missing.
       *
       *     `bad_token`: The token is not valid.
       *
       *     `token_expired`: The token has expired.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `forbidden`: This is not allowed. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `not_found`: There is no such thing. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `rate_limited`: Too many requests. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `internal`: Something went wrong here. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unavailable`: A part that this needs is away. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listUserDevices: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        app: string;
        /**
         * @description The id of a user, as the app names them: 1 to 128 printable characters.
         * @example ann
         */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description All of them. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            items: components['schemas']['Device'][];
          };
        };
      };
      /**
       * @description `unauthorized`: Credentials are missing.
       *
       *     `bad_token`: The token is not valid.
       *
       *     `token_expired`: The token has expired.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `forbidden`: This is not allowed. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `not_found`: There is no such thing. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `rate_limited`: Too many requests. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `internal`: Something went wrong here. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unavailable`: A part that this needs is away. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getUserPreferences: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        app: string;
        /**
         * @description The id of a user, as the app names them: 1 to 128 printable characters.
         * @example ann
         */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Of one who never set any, the defaults. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Preferences'];
        };
      };
      /**
       * @description `unauthorized`: Credentials are missing.
       *
       *     `bad_token`: The token is not valid.
       *
       *     `token_expired`: The token has expired.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `forbidden`: This is not allowed. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `not_found`: There is no such thing. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `rate_limited`: Too many requests. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `internal`: Something went wrong here. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unavailable`: A part that this needs is away. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  changeUserPreferences: {
    parameters: {
      query?: never;
      header?: {
        /** @description The same key with the same body is answered as before and does nothing. */
        'Idempotency-Key'?: string;
      };
      path: {
        app: string;
        /**
         * @description The id of a user, as the app names them: 1 to 128 printable characters.
         * @example ann
         */
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          /** @enum {string} */
          level?: 'all' | 'mentions' | 'none';
          quietHours?: {
            from: string;
            to: string;
            /**
             * @description An IANA time zone.
             * @example Asia/Shanghai
             */
            timeZone: string;
          } | null;
          conversations?: {
            [key: string]: {
              /** @enum {string|null} */
              level?: 'all' | 'mentions' | 'none' | null;
              /** Format: date-time */
              muteUntil?: string | null;
            } | null;
          };
        };
      };
    };
    responses: {
      /** @description All of them. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Preferences'];
        };
      };
      /** @description `bad_request`: The request cannot be read. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `unauthorized`: Credentials are missing.
       *
       *     `bad_token`: The token is not valid.
       *
       *     `token_expired`: The token has expired.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `csrf`: The request does not come from the console.
       *
       *     `forbidden`: This is not allowed.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `not_found`: There is no such thing. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `request_timeout`: The request took too long to arrive. */
      408: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `too_large`: This is too large. */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unsupported_media_type`: This content type is not accepted. */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `invalid_body`: A field is not valid. */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `rate_limited`: Too many requests. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `internal`: Something went wrong here. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unavailable`: A part that this needs is away. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listUserDecisions: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        app: string;
        /**
         * @description The id of a user, as the app names them: 1 to 128 printable characters.
         * @example ann
         */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The newest first. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            items: components['schemas']['Decision'][];
          };
        };
      };
      /**
       * @description `unauthorized`: Credentials are missing.
       *
       *     `bad_token`: The token is not valid.
       *
       *     `token_expired`: The token has expired.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `forbidden`: This is not allowed. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `not_found`: There is no such thing. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `rate_limited`: Too many requests. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `internal`: Something went wrong here. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unavailable`: A part that this needs is away. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listUserConversations: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        app: string;
        /**
         * @description The id of a user, as the app names them: 1 to 128 printable characters.
         * @example ann
         */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description At most 100. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            items: {
              id: string;
              title?: string;
              activeAt: string;
            }[];
          };
        };
      };
      /**
       * @description `unauthorized`: Credentials are missing.
       *
       *     `bad_token`: The token is not valid.
       *
       *     `token_expired`: The token has expired.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `forbidden`: This is not allowed. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `not_found`: There is no such thing. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `rate_limited`: Too many requests. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `internal`: Something went wrong here. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unavailable`: A part that this needs is away. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  signOutUser: {
    parameters: {
      query?: never;
      header?: {
        /** @description The same key with the same body is answered as before and does nothing. */
        'Idempotency-Key'?: string;
      };
      path: {
        app: string;
        /**
         * @description The id of a user, as the app names them: 1 to 128 printable characters.
         * @example ann
         */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description How many there were. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            closed: number;
          };
        };
      };
      /**
       * @description `unauthorized`: Credentials are missing.
       *
       *     `bad_token`: The token is not valid.
       *
       *     `token_expired`: The token has expired.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `csrf`: The request does not come from the console.
       *
       *     `forbidden`: This is not allowed.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `not_found`: There is no such thing. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `rate_limited`: Too many requests. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `internal`: Something went wrong here. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unavailable`: A part that this needs is away. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  removeDevice: {
    parameters: {
      query?: never;
      header?: {
        /** @description The same key with the same body is answered as before and does nothing. */
        'Idempotency-Key'?: string;
      };
      path: {
        app: string;
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Nothing is pushed to it any more. */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /**
       * @description `unauthorized`: Credentials are missing.
       *
       *     `bad_token`: The token is not valid.
       *
       *     `token_expired`: The token has expired.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `csrf`: The request does not come from the console.
       *
       *     `forbidden`: This is not allowed.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `not_found`: There is no such thing. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `rate_limited`: Too many requests. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `internal`: Something went wrong here. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unavailable`: A part that this needs is away. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listConversations: {
    parameters: {
      query?: {
        q?: string;
        /** @description The id of a user, as the app names them: 1 to 128 printable characters. */
        user?: string;
        limit?: number;
        cursor?: string;
        format?: 'csv' | 'ndjson';
      };
      header?: never;
      path: {
        app: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description A page of them. It may be short, or empty, and have a `nextCursor`: then there is more to look at. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            items: components['schemas']['ConversationRow'][];
            nextCursor?: string;
          };
        };
      };
      /**
       * @description `bad_cursor`: The cursor or page size is not valid.
       *
       *     `bad_request`: The request cannot be read.
       */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `unauthorized`: Credentials are missing.
       *
       *     `bad_token`: The token is not valid.
       *
       *     `token_expired`: The token has expired.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `forbidden`: This is not allowed. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `not_found`: There is no such thing. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `rate_limited`: Too many requests. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `internal`: Something went wrong here. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unavailable`: A part that this needs is away. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getConversation: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        app: string;
        /**
         * @description The id of a conversation.
         * @example ward-7
         */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The conversation. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ConversationSeen'];
        };
      };
      /**
       * @description `unauthorized`: Credentials are missing.
       *
       *     `bad_token`: The token is not valid.
       *
       *     `token_expired`: The token has expired.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `forbidden`: This is not allowed. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `not_found`: There is no such thing. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `rate_limited`: Too many requests. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `internal`: Something went wrong here. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unavailable`: A part that this needs is away. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listConversationParticipants: {
    parameters: {
      query?: {
        limit?: number;
        cursor?: string;
      };
      header?: never;
      path: {
        app: string;
        /**
         * @description The id of a conversation.
         * @example ward-7
         */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description A page of them. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            items: components['schemas']['ParticipantRow'][];
            nextCursor?: string;
          };
        };
      };
      /**
       * @description `bad_cursor`: The cursor or page size is not valid.
       *
       *     `bad_request`: The request cannot be read.
       */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `unauthorized`: Credentials are missing.
       *
       *     `bad_token`: The token is not valid.
       *
       *     `token_expired`: The token has expired.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `forbidden`: This is not allowed. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `not_found`: There is no such thing. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `rate_limited`: Too many requests. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `internal`: Something went wrong here. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unavailable`: A part that this needs is away. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listConversationCursors: {
    parameters: {
      query?: {
        q?: string;
        field?: 'delivered' | 'seen' | 'read' | 'pushed';
        from?: number | null;
        to?: number | null;
        limit?: number;
        cursor?: string;
      };
      header?: never;
      path: {
        app: string;
        /**
         * @description The id of a conversation.
         * @example ward-7
         */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description A page of those who fit, in the order in which they joined. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            items: components['schemas']['Progress'][];
            nextCursor?: string;
            headSeq: number;
            total: number;
            groups: components['schemas']['ProgressGroups'];
          };
        };
      };
      /**
       * @description `bad_cursor`: The cursor or page size is not valid.
       *
       *     `bad_request`: The request cannot be read.
       */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `unauthorized`: Credentials are missing.
       *
       *     `bad_token`: The token is not valid.
       *
       *     `token_expired`: The token has expired.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `forbidden`: This is not allowed. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `not_found`: There is no such thing. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `rate_limited`: Too many requests. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `internal`: Something went wrong here. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unavailable`: A part that this needs is away. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  putConversationParticipant: {
    parameters: {
      query?: never;
      header?: {
        /** @description The same key with the same body is answered as before and does nothing. */
        'Idempotency-Key'?: string;
      };
      path: {
        app: string;
        /**
         * @description The id of a conversation.
         * @example ward-7
         */
        id: string;
        /**
         * @description The id of a user, as the app names them: 1 to 128 printable characters.
         * @example ann
         */
        user: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          /**
           * @description A role; the app's own word.
           * @default member
           * @example member
           */
          role?: string;
        };
      };
    };
    responses: {
      /** @description They are in it. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            /** @enum {string} */
            outcome: 'added' | 'changed';
          };
        };
      };
      /** @description `bad_request`: The request cannot be read. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `unauthorized`: Credentials are missing.
       *
       *     `bad_token`: The token is not valid.
       *
       *     `token_expired`: The token has expired.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `csrf`: The request does not come from the console.
       *
       *     `forbidden`: This is not allowed.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `not_found`: There is no such thing. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `request_timeout`: The request took too long to arrive. */
      408: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `too_large`: This is too large. */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unsupported_media_type`: This content type is not accepted. */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `too_many`: There are too many at once.
       *
       *     `invalid_body`: A field is not valid.
       */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `rate_limited`: Too many requests. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `internal`: Something went wrong here. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unavailable`: A part that this needs is away. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  removeConversationParticipant: {
    parameters: {
      query?: never;
      header?: {
        /** @description The same key with the same body is answered as before and does nothing. */
        'Idempotency-Key'?: string;
      };
      path: {
        app: string;
        /**
         * @description The id of a conversation.
         * @example ward-7
         */
        id: string;
        /**
         * @description The id of a user, as the app names them: 1 to 128 printable characters.
         * @example ann
         */
        user: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description They are not in it any more. */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /**
       * @description `unauthorized`: Credentials are missing.
       *
       *     `bad_token`: The token is not valid.
       *
       *     `token_expired`: The token has expired.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `csrf`: The request does not come from the console.
       *
       *     `forbidden`: This is not allowed.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `not_found`: There is no such thing. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `rate_limited`: Too many requests. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `internal`: Something went wrong here. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unavailable`: A part that this needs is away. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listConversationMessages: {
    parameters: {
      query?: {
        beforeSeq?: number | null;
        afterSeq?: number | null;
        limit?: number;
        content?: '0' | '1';
        format?: 'csv' | 'ndjson';
      };
      header?: never;
      path: {
        app: string;
        /**
         * @description The id of a conversation.
         * @example ward-7
         */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description A page of them. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['MessageRows'];
        };
      };
      /** @description `bad_request`: The request cannot be read. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `unauthorized`: Credentials are missing.
       *
       *     `bad_token`: The token is not valid.
       *
       *     `token_expired`: The token has expired.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `content_hidden`: What messages say is not shown here.
       *
       *     `forbidden`: This is not allowed.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `not_found`: There is no such thing. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `rate_limited`: Too many requests. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `internal`: Something went wrong here. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unavailable`: A part that this needs is away. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getMessageSeen: {
    parameters: {
      query?: {
        content?: '0' | '1';
      };
      header?: never;
      path: {
        app: string;
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The message. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['MessageSeen'];
        };
      };
      /** @description `bad_request`: The request cannot be read. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `unauthorized`: Credentials are missing.
       *
       *     `bad_token`: The token is not valid.
       *
       *     `token_expired`: The token has expired.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `content_hidden`: What messages say is not shown here.
       *
       *     `forbidden`: This is not allowed.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `not_found`: There is no such thing. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `rate_limited`: Too many requests. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `internal`: Something went wrong here. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unavailable`: A part that this needs is away. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  deleteMessage: {
    parameters: {
      query?: never;
      header?: {
        /** @description The same key with the same body is answered as before and does nothing. */
        'Idempotency-Key'?: string;
      };
      path: {
        app: string;
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description It says nothing any more. */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /**
       * @description `unauthorized`: Credentials are missing.
       *
       *     `bad_token`: The token is not valid.
       *
       *     `token_expired`: The token has expired.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `csrf`: The request does not come from the console.
       *
       *     `forbidden`: This is not allowed.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `not_found`: There is no such thing. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `message_deleted`: The message was deleted. */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `rate_limited`: Too many requests. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `internal`: Something went wrong here. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unavailable`: A part that this needs is away. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  explainNotice: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        app: string;
        /**
         * @description The id of a conversation.
         * @example ward-7
         */
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          title: string;
          body?: string;
        };
      };
    };
    responses: {
      /** @description How many get what, by reason. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['NoticeExplanation'];
        };
      };
      /** @description `bad_request`: The request cannot be read. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `unauthorized`: Credentials are missing.
       *
       *     `bad_token`: The token is not valid.
       *
       *     `token_expired`: The token has expired.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `csrf`: The request does not come from the console.
       *
       *     `forbidden`: This is not allowed.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `not_found`: There is no such thing. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `request_timeout`: The request took too long to arrive. */
      408: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `too_large`: This is too large. */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unsupported_media_type`: This content type is not accepted. */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `invalid_body`: A field is not valid. */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `rate_limited`: Too many requests. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `internal`: Something went wrong here. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unavailable`: A part that this needs is away. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  sendNotice: {
    parameters: {
      query?: never;
      header?: {
        /** @description The same key with the same body is answered as before and does nothing. */
        'Idempotency-Key'?: string;
      };
      path: {
        app: string;
        /**
         * @description The id of a conversation.
         * @example ward-7
         */
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          title: string;
          body?: string;
          expected: number;
        };
      };
    };
    responses: {
      /** @description It is stored and on its way. */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            messageId: string;
          };
        };
      };
      /** @description `bad_request`: The request cannot be read. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `unauthorized`: Credentials are missing.
       *
       *     `bad_token`: The token is not valid.
       *
       *     `token_expired`: The token has expired.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `csrf`: The request does not come from the console.
       *
       *     `forbidden`: This is not allowed.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `not_found`: There is no such thing. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `request_timeout`: The request took too long to arrive. */
      408: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `impact_changed`: This would now do something else than was said. */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `too_large`: This is too large. */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unsupported_media_type`: This content type is not accepted. */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `invalid_body`: A field is not valid. */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `rate_limited`: Too many requests. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `internal`: Something went wrong here. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `overloaded`: The server has too much to do.
       *
       *     `unavailable`: A part that this needs is away.
       */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getPlayground: {
    parameters: {
      query?: {
        origin?: string;
      };
      header?: never;
      path: {
        app: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description As it is. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['PlaygroundState'];
        };
      };
      /** @description `bad_request`: The request cannot be read. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `unauthorized`: Credentials are missing.
       *
       *     `bad_token`: The token is not valid.
       *
       *     `token_expired`: The token has expired.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `forbidden`: This is not allowed. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `not_found`: There is no such thing. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `rate_limited`: Too many requests. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `internal`: Something went wrong here. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unavailable`: A part that this needs is away. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  switchPlayground: {
    parameters: {
      query?: never;
      header?: {
        /** @description The same key with the same body is answered as before and does nothing. */
        'Idempotency-Key'?: string;
      };
      path: {
        app: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          on: boolean;
        };
      };
    };
    responses: {
      /** @description As it is now. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['PlaygroundState'];
        };
      };
      /** @description `bad_request`: The request cannot be read. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `unauthorized`: Credentials are missing.
       *
       *     `bad_token`: The token is not valid.
       *
       *     `token_expired`: The token has expired.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `csrf`: The request does not come from the console.
       *
       *     `forbidden`: This is not allowed.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `not_found`: There is no such thing. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `request_timeout`: The request took too long to arrive. */
      408: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `too_large`: This is too large. */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unsupported_media_type`: This content type is not accepted. */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `invalid_body`: A field is not valid. */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `rate_limited`: Too many requests. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `internal`: Something went wrong here. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unavailable`: A part that this needs is away. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  makePlaygroundConversation: {
    parameters: {
      query?: never;
      header?: {
        /** @description The same key with the same body is answered as before and does nothing. */
        'Idempotency-Key'?: string;
      };
      path: {
        app: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          userIds: string[];
        };
      };
    };
    responses: {
      /** @description The conversation. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            conversation: components['schemas']['Conversation'];
          };
        };
      };
      /** @description `bad_request`: The request cannot be read. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `unauthorized`: Credentials are missing.
       *
       *     `bad_token`: The token is not valid.
       *
       *     `token_expired`: The token has expired.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `csrf`: The request does not come from the console.
       *
       *     `forbidden`: This is not allowed.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `not_found`: There is no such thing. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `request_timeout`: The request took too long to arrive. */
      408: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `too_large`: This is too large. */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unsupported_media_type`: This content type is not accepted. */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `too_many`: There are too many at once.
       *
       *     `invalid_body`: A field is not valid.
       */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `rate_limited`: Too many requests. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `internal`: Something went wrong here. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unavailable`: A part that this needs is away. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listShownPushes: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        app: string;
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Oldest first. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            items: components['schemas']['ShownPush'][];
          };
        };
      };
      /**
       * @description `unauthorized`: Credentials are missing.
       *
       *     `bad_token`: The token is not valid.
       *
       *     `token_expired`: The token has expired.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `forbidden`: This is not allowed. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `not_found`: There is no such thing. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `rate_limited`: Too many requests. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `internal`: Something went wrong here. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unavailable`: A part that this needs is away. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getAppMetrics: {
    parameters: {
      query?: {
        range?: '15m' | '1h' | '6h' | '24h' | '7d';
        from?: string;
        to?: string;
      };
      header?: never;
      path: {
        app: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The figures. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['AppMetrics'];
        };
      };
      /** @description `bad_request`: The request cannot be read. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `unauthorized`: Credentials are missing.
       *
       *     `bad_token`: The token is not valid.
       *
       *     `token_expired`: The token has expired.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `forbidden`: This is not allowed. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `not_found`: There is no such thing. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `rate_limited`: Too many requests. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `internal`: Something went wrong here. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unavailable`: A part that this needs is away. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listAppNodes: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        app: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description All of them, by name. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            items: components['schemas']['NodeOfApp'][];
            silentNodes: string[];
          };
        };
      };
      /**
       * @description `unauthorized`: Credentials are missing.
       *
       *     `bad_token`: The token is not valid.
       *
       *     `token_expired`: The token has expired.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `forbidden`: This is not allowed. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `not_found`: There is no such thing. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `rate_limited`: Too many requests. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `internal`: Something went wrong here. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unavailable`: A part that this needs is away. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listProviders: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        app: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description All of them, by id. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            items: components['schemas']['AppProvider'][];
            total: components['schemas']['Total'];
          };
        };
      };
      /**
       * @description `unauthorized`: Credentials are missing.
       *
       *     `bad_token`: The token is not valid.
       *
       *     `token_expired`: The token has expired.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `forbidden`: This is not allowed. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `not_found`: There is no such thing. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `rate_limited`: Too many requests. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `internal`: Something went wrong here. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unavailable`: A part that this needs is away. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  resumeProvider: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        app: string;
        /**
         * @description An id that the app chooses.
         * @example ward-7
         */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description As it is now. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['AppProvider'];
        };
      };
      /**
       * @description `unauthorized`: Credentials are missing.
       *
       *     `bad_token`: The token is not valid.
       *
       *     `token_expired`: The token has expired.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `csrf`: The request does not come from the console.
       *
       *     `forbidden`: This is not allowed.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `not_found`: There is no such thing. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `conflict`: This conflicts with the present state. */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `rate_limited`: Too many requests. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `internal`: Something went wrong here. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unavailable`: A part that this needs is away. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listWebhooks: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        app: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description By id. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            items: components['schemas']['OutgoingWebhook'][];
            total: components['schemas']['Total'];
          };
        };
      };
      /**
       * @description `unauthorized`: Credentials are missing.
       *
       *     `bad_token`: The token is not valid.
       *
       *     `token_expired`: The token has expired.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `forbidden`: This is not allowed. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `not_found`: There is no such thing. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `rate_limited`: Too many requests. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `internal`: Something went wrong here. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unavailable`: A part that this needs is away. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getWebhook: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        app: string;
        /**
         * @description The id of an outgoing webhook, which the app chooses.
         * @example crm
         */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Without its secrets. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['OutgoingWebhook'];
        };
      };
      /**
       * @description `unauthorized`: Credentials are missing.
       *
       *     `bad_token`: The token is not valid.
       *
       *     `token_expired`: The token has expired.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `forbidden`: This is not allowed. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `not_found`: There is no such thing. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `rate_limited`: Too many requests. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `internal`: Something went wrong here. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unavailable`: A part that this needs is away. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  putWebhook: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        app: string;
        /**
         * @description The id of an outgoing webhook, which the app chooses.
         * @example crm
         */
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          url: string;
          description?: string;
          events: string[];
          transform?: string;
          batch?: {
            /** @default 100 */
            maxEvents?: number;
            /** @default 10000 */
            maxWaitMs?: number;
          };
          /** @default false */
          ordered?: boolean;
          before?: {
            /** @default 2000 */
            timeoutMs?: number;
            /**
             * @default allow
             * @enum {string}
             */
            onFailure?: 'allow' | 'reject';
            kinds?: string[];
          };
          secret?: string;
        };
      };
    };
    responses: {
      /** @description Changed. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['MadeOutgoingWebhook'];
        };
      };
      /** @description Made. `secret` is told this once. */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['MadeOutgoingWebhook'];
        };
      };
      /** @description `bad_request`: The request cannot be read. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `unauthorized`: Credentials are missing.
       *
       *     `bad_token`: The token is not valid.
       *
       *     `token_expired`: The token has expired.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `csrf`: The request does not come from the console.
       *
       *     `forbidden`: This is not allowed.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `not_found`: There is no such thing. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `request_timeout`: The request took too long to arrive. */
      408: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `managed_by_file`: This is managed by the provision file.
       *
       *     `conflict`: This conflicts with the present state.
       */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `precondition_failed`: Somebody else changed it meanwhile. */
      412: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `too_large`: This is too large. */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unsupported_media_type`: This content type is not accepted. */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `too_many`: There are too many at once.
       *
       *     `invalid_body`: A field is not valid.
       */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `precondition_required`: The request does not say which version it changes. */
      428: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `rate_limited`: Too many requests. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `internal`: Something went wrong here. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `overloaded`: The server has too much to do.
       *
       *     `unavailable`: A part that this needs is away.
       */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  removeWebhook: {
    parameters: {
      query?: never;
      header?: {
        /** @description The same key with the same body is answered as before and does nothing. */
        'Idempotency-Key'?: string;
      };
      path: {
        app: string;
        /**
         * @description The id of an outgoing webhook, which the app chooses.
         * @example crm
         */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Nothing is sent to it any more. */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /**
       * @description `unauthorized`: Credentials are missing.
       *
       *     `bad_token`: The token is not valid.
       *
       *     `token_expired`: The token has expired.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `csrf`: The request does not come from the console.
       *
       *     `forbidden`: This is not allowed.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `not_found`: There is no such thing. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `managed_by_file`: This is managed by the provision file.
       *
       *     `conflict`: This conflicts with the present state.
       */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `precondition_failed`: Somebody else changed it meanwhile. */
      412: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `precondition_required`: The request does not say which version it changes. */
      428: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `rate_limited`: Too many requests. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `internal`: Something went wrong here. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unavailable`: A part that this needs is away. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  rotateWebhookSecret: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        app: string;
        /**
         * @description The id of an outgoing webhook, which the app chooses.
         * @example crm
         */
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          overlapSeconds: number;
          secret?: string;
        };
      };
    };
    responses: {
      /** @description With the secret, shown once. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['MadeOutgoingWebhook'];
        };
      };
      /** @description `bad_request`: The request cannot be read. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `unauthorized`: Credentials are missing.
       *
       *     `bad_token`: The token is not valid.
       *
       *     `token_expired`: The token has expired.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `confirm_needed`: This wants the password or a code again.
       *
       *     `csrf`: The request does not come from the console.
       *
       *     `forbidden`: This is not allowed.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `not_found`: There is no such thing. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `request_timeout`: The request took too long to arrive. */
      408: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `managed_by_file`: This is managed by the provision file.
       *
       *     `conflict`: This conflicts with the present state.
       */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `too_large`: This is too large. */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unsupported_media_type`: This content type is not accepted. */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `invalid_body`: A field is not valid. */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `rate_limited`: Too many requests. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `internal`: Something went wrong here. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unavailable`: A part that this needs is away. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  pauseWebhook: {
    parameters: {
      query?: never;
      header?: {
        /** @description The same key with the same body is answered as before and does nothing. */
        'Idempotency-Key'?: string;
      };
      path: {
        app: string;
        /**
         * @description The id of an outgoing webhook, which the app chooses.
         * @example crm
         */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description As it is now. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['MadeOutgoingWebhook'];
        };
      };
      /**
       * @description `unauthorized`: Credentials are missing.
       *
       *     `bad_token`: The token is not valid.
       *
       *     `token_expired`: The token has expired.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `csrf`: The request does not come from the console.
       *
       *     `forbidden`: This is not allowed.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `not_found`: There is no such thing. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `managed_by_file`: This is managed by the provision file.
       *
       *     `conflict`: This conflicts with the present state.
       */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `precondition_failed`: Somebody else changed it meanwhile. */
      412: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `precondition_required`: The request does not say which version it changes. */
      428: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `rate_limited`: Too many requests. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `internal`: Something went wrong here. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unavailable`: A part that this needs is away. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  resumeWebhook: {
    parameters: {
      query?: never;
      header?: {
        /** @description The same key with the same body is answered as before and does nothing. */
        'Idempotency-Key'?: string;
      };
      path: {
        app: string;
        /**
         * @description The id of an outgoing webhook, which the app chooses.
         * @example crm
         */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description As it is now. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['MadeOutgoingWebhook'];
        };
      };
      /**
       * @description `unauthorized`: Credentials are missing.
       *
       *     `bad_token`: The token is not valid.
       *
       *     `token_expired`: The token has expired.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `csrf`: The request does not come from the console.
       *
       *     `forbidden`: This is not allowed.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `not_found`: There is no such thing. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `managed_by_file`: This is managed by the provision file.
       *
       *     `conflict`: This conflicts with the present state.
       */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `precondition_failed`: Somebody else changed it meanwhile. */
      412: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `precondition_required`: The request does not say which version it changes. */
      428: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `rate_limited`: Too many requests. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `internal`: Something went wrong here. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unavailable`: A part that this needs is away. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  tryWebhook: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        app: string;
        /**
         * @description The id of an outgoing webhook, which the app chooses.
         * @example crm
         */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The attempt, whatever came of it. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            attempt: components['schemas']['WebhookAttempt'];
            event?: components['schemas']['KeptWebhookEvent'];
          };
        };
      };
      /**
       * @description `unauthorized`: Credentials are missing.
       *
       *     `bad_token`: The token is not valid.
       *
       *     `token_expired`: The token has expired.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `csrf`: The request does not come from the console.
       *
       *     `forbidden`: This is not allowed.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `not_found`: There is no such thing. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `conflict`: This conflicts with the present state. */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `rate_limited`: Too many requests. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `internal`: Something went wrong here. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unavailable`: A part that this needs is away. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listWebhookEvents: {
    parameters: {
      query?: {
        cursor?: string;
        limit?: number;
        state?: 'waiting' | 'delivered' | 'failed' | 'skipped';
        type?: string;
        /** @description A time in UTC, with milliseconds. */
        from?: string;
        /** @description A time in UTC, with milliseconds. */
        to?: string;
      };
      header?: never;
      path: {
        app: string;
        /**
         * @description The id of an outgoing webhook, which the app chooses.
         * @example crm
         */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Without what they say. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            events: components['schemas']['KeptWebhookEvent'][];
            counts: {
              waiting?: number;
              delivered?: number;
              failed?: number;
              skipped?: number;
            };
            nextCursor?: string;
          };
        };
      };
      /**
       * @description `bad_cursor`: The cursor or page size is not valid.
       *
       *     `bad_request`: The request cannot be read.
       */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `unauthorized`: Credentials are missing.
       *
       *     `bad_token`: The token is not valid.
       *
       *     `token_expired`: The token has expired.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `forbidden`: This is not allowed. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `not_found`: There is no such thing. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `rate_limited`: Too many requests. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `internal`: Something went wrong here. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unavailable`: A part that this needs is away. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getWebhookEvent: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        app: string;
        /**
         * @description The id of an outgoing webhook, which the app chooses.
         * @example crm
         */
        id: string;
        /**
         * @description An id that Belfry made.
         * @example 01890a5d-ac96-774b-bcce-b302099a8057
         */
        eventId: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The event. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            event: {
              id: string;
              /**
               * @description The id of an outgoing webhook, which the app chooses.
               * @example crm
               */
              webhookId: string;
              type: string;
              requestId?: string;
              /** @enum {string} */
              state: 'waiting' | 'delivered' | 'failed' | 'skipped';
              /**
               * Format: date-time
               * @description A time in UTC, with milliseconds.
               * @example 2026-01-31T12:00:00.000Z
               */
              createdAt: string;
              /**
               * Format: date-time
               * @description A time in UTC, with milliseconds.
               * @example 2026-01-31T12:00:00.000Z
               */
              dueAt?: string;
              /**
               * Format: date-time
               * @description A time in UTC, with milliseconds.
               * @example 2026-01-31T12:00:00.000Z
               */
              endedAt?: string;
              attempts: components['schemas']['WebhookAttempt'][];
              payload: {
                [key: string]: unknown;
              };
            };
          };
        };
      };
      /**
       * @description `unauthorized`: Credentials are missing.
       *
       *     `bad_token`: The token is not valid.
       *
       *     `token_expired`: The token has expired.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `forbidden`: This is not allowed. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `not_found`: There is no such thing. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `rate_limited`: Too many requests. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `internal`: Something went wrong here. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unavailable`: A part that this needs is away. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  replayWebhookEvent: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        app: string;
        /**
         * @description The id of an outgoing webhook, which the app chooses.
         * @example crm
         */
        id: string;
        /**
         * @description An id that Belfry made.
         * @example 01890a5d-ac96-774b-bcce-b302099a8057
         */
        eventId: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description It will be sent. */
      202: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            replayed: number;
            hasMore: boolean;
          };
        };
      };
      /**
       * @description `unauthorized`: Credentials are missing.
       *
       *     `bad_token`: The token is not valid.
       *
       *     `token_expired`: The token has expired.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `csrf`: The request does not come from the console.
       *
       *     `forbidden`: This is not allowed.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `not_found`: There is no such thing. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `conflict`: This conflicts with the present state. */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `rate_limited`: Too many requests. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `internal`: Something went wrong here. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unavailable`: A part that this needs is away. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getWebhookReplayImpact: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        app: string;
        /**
         * @description The id of an outgoing webhook, which the app chooses.
         * @example crm
         */
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          /**
           * @default failed
           * @enum {string}
           */
          state?: 'delivered' | 'failed' | 'skipped';
          type?: string;
          /**
           * Format: date-time
           * @description A time in UTC, with milliseconds.
           * @example 2026-01-31T12:00:00.000Z
           */
          from?: string;
          /**
           * Format: date-time
           * @description A time in UTC, with milliseconds.
           * @example 2026-01-31T12:00:00.000Z
           */
          to?: string;
        };
      };
    };
    responses: {
      /** @description Counted up to 10,000. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['WebhookReplayImpact'];
        };
      };
      /** @description `bad_request`: The request cannot be read. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `unauthorized`: Credentials are missing.
       *
       *     `bad_token`: The token is not valid.
       *
       *     `token_expired`: The token has expired.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `csrf`: The request does not come from the console.
       *
       *     `forbidden`: This is not allowed.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `not_found`: There is no such thing. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `request_timeout`: The request took too long to arrive. */
      408: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `too_large`: This is too large. */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unsupported_media_type`: This content type is not accepted. */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `invalid_body`: A field is not valid. */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `rate_limited`: Too many requests. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `internal`: Something went wrong here. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unavailable`: A part that this needs is away. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  replayWebhookEvents: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        app: string;
        /**
         * @description The id of an outgoing webhook, which the app chooses.
         * @example crm
         */
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          /**
           * @default failed
           * @enum {string}
           */
          state?: 'delivered' | 'failed' | 'skipped';
          type?: string;
          /**
           * Format: date-time
           * @description A time in UTC, with milliseconds.
           * @example 2026-01-31T12:00:00.000Z
           */
          from?: string;
          /**
           * Format: date-time
           * @description A time in UTC, with milliseconds.
           * @example 2026-01-31T12:00:00.000Z
           */
          to?: string;
          expected?: number;
        };
      };
    };
    responses: {
      /** @description How many will be sent. */
      202: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            replayed: number;
            hasMore: boolean;
          };
        };
      };
      /** @description `bad_request`: The request cannot be read. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `unauthorized`: Credentials are missing.
       *
       *     `bad_token`: The token is not valid.
       *
       *     `token_expired`: The token has expired.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `csrf`: The request does not come from the console.
       *
       *     `forbidden`: This is not allowed.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `not_found`: There is no such thing. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `request_timeout`: The request took too long to arrive. */
      408: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `conflict`: This conflicts with the present state.
       *
       *     `impact_changed`: This would now do something else than was said.
       */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `too_large`: This is too large. */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unsupported_media_type`: This content type is not accepted. */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `invalid_body`: A field is not valid. */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `rate_limited`: Too many requests. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `internal`: Something went wrong here. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unavailable`: A part that this needs is away. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getJob: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description As it is. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Job'];
        };
      };
      /**
       * @description `unauthorized`: Credentials are missing.
       *
       *     `bad_token`: The token is not valid.
       *
       *     `token_expired`: The token has expired.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `forbidden`: This is not allowed. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `not_found`: There is no such thing. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `rate_limited`: Too many requests. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `internal`: Something went wrong here. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unavailable`: A part that this needs is away. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  stopJob: {
    parameters: {
      query?: never;
      header?: {
        /** @description The same key with the same body is answered as before and does nothing. */
        'Idempotency-Key'?: string;
      };
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description As it is. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Job'];
        };
      };
      /**
       * @description `unauthorized`: Credentials are missing.
       *
       *     `bad_token`: The token is not valid.
       *
       *     `token_expired`: The token has expired.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `csrf`: The request does not come from the console.
       *
       *     `forbidden`: This is not allowed.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `not_found`: There is no such thing. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `rate_limited`: Too many requests. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `internal`: Something went wrong here. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unavailable`: A part that this needs is away. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getDocument: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description OpenAPI 3.1. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            openapi: string;
          } & {
            [key: string]: unknown;
          };
        };
      };
      /**
       * @description `unauthorized`: Credentials are missing.
       *
       *     `bad_token`: The token is not valid.
       *
       *     `token_expired`: The token has expired.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `forbidden`: This is not allowed. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `rate_limited`: Too many requests. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `internal`: Something went wrong here. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unavailable`: A part that this needs is away. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
}
