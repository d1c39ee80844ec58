using System.Collections.Immutable;

namespace IncidentActors.Engine.Records;

/// <summary>Every kind of record that stands beside a journal.</summary>
public static class RecordKinds
{
    /// <summary>Access tokens; of their secrets only the hash.</summary>
    public const string Token = "token";

    /// <summary>Webhook subscriptions, with the secrets by which deliveries are signed.</summary>
    public const string Webhook = "webhook";

    /// <summary>How far each subscription has come in the feed, and which node works on it.</summary>
    public const string WebhookPosition = "webhook-position";
    public const string Delivery = "delivery";
    public const string DeadLetter = "dead-letter";

    /// <summary>Under which span an incident's or a halt's later spans stand.</summary>
    public const string Trace = "trace";

    /// <summary>Which session works on which message: ends by itself.</summary>
    public const string InboxLease = "inbox-lease";

    /// <summary>Those that belong to the journal wherever it is, and move with it.</summary>
    public static readonly ImmutableArray<string> Moving = [Token, Webhook, WebhookPosition, Delivery, DeadLetter, Trace];
}
