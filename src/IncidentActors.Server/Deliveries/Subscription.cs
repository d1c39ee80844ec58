using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace IncidentActors.Server.Deliveries;

/// <summary>What a receiver understands.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<DeliveryFormat>))]
public enum DeliveryFormat
{
    /// <summary>Standard Webhooks: <c>{type, timestamp, data}</c>, signed.</summary>
    [JsonStringEnumMemberName("standard")] Standard,

    /// <summary>A Slack incoming webhook: blocks.</summary>
    [JsonStringEnumMemberName("slack")] Slack,

    /// <summary>A Teams workflow: an Adaptive Card.</summary>
    [JsonStringEnumMemberName("teams")] Teams,

    /// <summary>As <see cref="Standard"/>, with the texts of the incident's reports beside the paths that they print.</summary>
    [JsonStringEnumMemberName("files")] Files,
}

/// <summary>An outside receiver of notifications.</summary>
/// <param name="Events"><c>*</c>, <c>hitl</c> (what people are notified of), a name (<c>incident.declared</c>), or a beginning (<c>incident.*</c>).</param>
/// <param name="Sent">What asked for it under an idempotency key (<see cref="Core.Decisions.Call.Sent"/>); null if it had none.</param>
/// <param name="Refusing">What the receiver answers while it rejects every delivery, or null. Deliveries continue, with one attempt each.</param>
/// <param name="OffReason">Why nothing is delivered any more; null while deliveries are made.</param>
public sealed record Subscription(
    string Id, string Url, ImmutableArray<string> Events, DeliveryFormat Format, string Secret, DateTimeOffset CreatedAt, string CreatedBy,
    string? OffReason = null, string? Sent = null, string? Refusing = null)
{
    public const string Everything = "*";
    public const string Hitl = "hitl";

    public bool Wants(string name, bool hitl)
    {
        foreach (var wanted in Events)
        {
            if (wanted == Everything || (wanted == Hitl && hitl) || wanted == name) return true;
            if (wanted.EndsWith(".*", StringComparison.Ordinal) && name.StartsWith(wanted.AsSpan(0, wanted.Length - 1), StringComparison.Ordinal)) return true;
            if (name.Length > wanted.Length + 1
                && name.StartsWith(wanted, StringComparison.Ordinal)
                && name.AsSpan(wanted.Length).StartsWith(".v"))
                return true;
        }

        return false;
    }
}

/// <summary>How far a subscription has come in the feed, and which node works on it.</summary>
/// <param name="Cursor">Every wanted event up to here is delivered, waiting, or a dead letter.</param>
/// <param name="Next">Number of the next delivery.</param>
public sealed record DeliveryPosition(string Cursor, long Next, string? Node, DateTimeOffset LeaseUntil);

/// <summary>One event on its way to one receiver.</summary>
/// <param name="Id">The <c>webhook-id</c>: the same at every attempt, and after a crash.</param>
/// <param name="Lane">The incident (or the actor): deliveries of one lane go one after the other.</param>
/// <param name="Body">Exactly what is sent.</param>
public sealed record Delivery(
    string Id, long Number, string Lane, string Event, string Body, DateTimeOffset QueuedAt, int Attempts, DateTimeOffset DueAt, string? LastError);
