using System.Collections.Immutable;
using System.Net;
using System.Text.RegularExpressions;
using IncidentActors.Core.Decisions;
using IncidentActors.Engine;
using IncidentActors.Server.Callers;
using IncidentActors.Server.Json;

namespace IncidentActors.Server.Deliveries;

/// <summary>Checks what somebody wants to subscribe. Names are resolved only when something is sent: they may change at any time.</summary>
internal static partial class SubscriptionReading
{
    private const int MaxEvents = 50;
    private const string IdPrefix = "WHK-";
    private const string IdAlphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    private const int IdLength = 8;

    public static string NewId(EngineOptions engine) => IdPrefix + engine.Seeds();

    public static (Subscription? Subscription, Rejected? Refusal) Of(SubscriptionArguments given, EngineOptions engine, Call call, bool allowPrivate)
    {
        if (!Uri.TryCreate(given.Url, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https") || url.UserInfo.Length > 0)
            return (null, Arguments.Malformed("The argument 'url' must be an address of http or https, without a user in it."));
        if (!allowPrivate && (url.IsLoopback || (IPAddress.TryParse(url.Host.Trim('[', ']'), out var address) && !Addresses.IsPublic(address))))
        {
            return (null, Rejected.Role(
                Rules.WebhookPrivate,
                "Nothing is delivered to private addresses; the server's operator may allow it with --webhooks-private."));
        }

        if (!Enum.TryParse<DeliveryFormat>(given.Format ?? "standard", ignoreCase: true, out var format)
            || !Enum.IsDefined(format)
            || int.TryParse(given.Format, out _))
            return (null, Arguments.Malformed("The argument 'format' must be 'standard', 'slack', 'teams' or 'files'.", "standard", "slack", "teams", "files"));
        if (given.Secret is { } chosen && !WebhookSignature.IsSecret(chosen))
            return (null, Arguments.Malformed("The argument 'secret' must be 'whsec_' and 24 to 64 bytes in base 64."));
        ImmutableArray<string> events = given.Events is null or [] ? [Subscription.Hitl] : [.. given.Events.Distinct()];
        if (events.Length > MaxEvents || events.Any(one => one is null || !Pattern().IsMatch(one)))
        {
            return (
                null,
                Arguments.Malformed(
                    $"The argument 'events' must hold at most {MaxEvents} of '*', 'hitl', "
                    + "names such as 'incident.declared' or beginnings such as 'incident.*'."));
        }

        var id = SentRequest.IdOf(call, IdAlphabet, IdLength) is { } repeated ? IdPrefix + repeated : NewId(engine);
        var secret = given.Secret ?? WebhookSignature.NewSecret();
        return (new Subscription(id, given.Url, events, format, secret, engine.Time.GetUtcNow(), call.By) { Sent = call.Sent }, null);
    }

    [GeneratedRegex(@"^(\*|hitl|[a-z-]{1,40}(\.[a-z0-9-]{1,60}){0,3}(\.\*)?)\z")]
    private static partial Regex Pattern();
}
