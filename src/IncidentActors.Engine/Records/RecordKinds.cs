using System.Collections.Immutable;

namespace IncidentActors.Engine.Records;

/// <summary>Every kind of record.</summary>
public static class RecordKinds
{
    /// <summary>Access tokens; of their secrets only the hash.</summary>
    public const string Token = "token";

    /// <summary>One record, written with the first token: there can be only one first.</summary>
    public const string FirstToken = "first-token";

    /// <summary>One record: the secret by which silos on this journal know each other's calls.</summary>
    public const string SiloSeal = "silo-seal";

    /// <summary>What was done with tokens, by time.</summary>
    public const string AccessAudit = "access-audit";

    /// <summary>Sessions of people who have signed in to the pages; they end by themselves.</summary>
    public const string PageSession = "page-session";

    /// <summary>Keys of what a browser carries while somebody signs in.</summary>
    public const string DataKey = "data-key";

    /// <summary>Webhook subscriptions, with the secrets by which deliveries are signed.</summary>
    public const string Webhook = "webhook";

    /// <summary>How far each subscription has come in the feed, and which node works on it.</summary>
    public const string WebhookPosition = "webhook-position";
    public const string Delivery = "delivery";
    public const string DeadLetter = "dead-letter";

    /// <summary>The parent of an incident's or a halt's later spans.</summary>
    public const string Trace = "trace";

    /// <summary>The last rehearsal of a halt that passed; its key is the kind.</summary>
    public const string Rehearsal = "rehearsal";

    /// <summary>Which session works on which message: ends by itself.</summary>
    public const string InboxLease = "inbox-lease";

    /// <summary>Alerts that a rule holds back until they have fired for some time.</summary>
    public const string HeldAlert = "held-alert";

    /// <summary>The hash chain over the events, one record for each seal. It does not move: positions of events are part of it.</summary>
    public const string Seal = "seal";

    /// <summary>One record: the end of the chain; its key is the kind.</summary>
    public const string SealHead = "seal-head";

    /// <summary>Those that belong to the journal wherever it is, and move with it.</summary>
    public static readonly ImmutableArray<string> Moving = [Token, FirstToken, AccessAudit, Webhook, WebhookPosition, Delivery, DeadLetter, HeldAlert, Trace];
}
