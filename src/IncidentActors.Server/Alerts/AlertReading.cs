using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using IncidentActors.Core.Incidents;
using IncidentActors.Core.Messages;
using IncidentActors.Core.Routes;

namespace IncidentActors.Server.Alerts;

/// <summary>One alert of a webhook in the system's words, with what the routes make of it.</summary>
/// <param name="Fingerprint">The sender's; <see cref="AlertSeen.Fingerprint"/> is also the source's.</param>
/// <param name="Text">What its author wrote about it, for the rules.</param>
/// <param name="Description">What its author wrote about it and what it links, or null.</param>
internal sealed record AlertReading(
    AlertSeen Seen, string Fingerprint, Routed Routed, ImmutableSortedDictionary<string, string> Labels, string? Text, string? Description)
{
    private const int MaxText = 300;
    private const int MaxName = 500;
    private const int MaxDescription = 4000;

    /// <summary>Characters of a description that rules look at.</summary>
    public const int MaxRouted = 1000;

    /// <summary>Somebody or something keeps it quiet where it comes from, or it does not fire yet.</summary>
    public bool Quiet { get; private init; }

    public bool Firing => Seen.Status == AlertStatus.Firing;

    public AlertSignal Signal => new(Seen.Fingerprint, Labels, null, Text);

    /// <param name="status">The notification's, for alerts that do not say their own.</param>
    /// <param name="source">What tells this Alertmanager from others: alerts of two are two alerts, also with one fingerprint.</param>
    public static AlertReading Of(AlertmanagerAlert alert, string? status, string source, RouteSet routes, DateTimeOffset now)
    {
        var given = alert.Labels ?? [];
        var annotations = alert.Annotations ?? [];
        var labels = AlertLabels.Bounded(SaysSeverity(given, routes) ? given : [.. given, .. annotations.Where(one => IsSeverity(one.Key, routes))]);
        var name = Annotation(given, "alertname", MaxText) ?? "Alert";
        var message = Annotation(annotations, "message", MaxDescription);
        var summary = Annotation(annotations, "summary", MaxText) ?? Annotation(annotations, "title", MaxText) ?? FirstLine(message);
        var text = Annotation(annotations, "description", MaxDescription) ?? message ?? alert.ValueString;
        var starts = alert.StartsAt is { Year: > 1 } start ? start.ToUniversalTime() : default;
        var ends = alert.EndsAt is { Year: > 1 } end ? end.ToUniversalTime() : (DateTimeOffset?)null;
        var state = (alert.Status ?? status) is { } said ? StatusOf(said) : ends <= now ? AlertStatus.Resolved : AlertStatus.Firing;
        var fingerprint = alert.Fingerprint ?? Hash(given);
        var routed = text is null ? null : Shortened.Cut(text, MaxRouted);
        var seen = new AlertSeen(
            Name(source + fingerprint), name, state, starts, state == AlertStatus.Firing && ends < starts ? null : ends, summary);
        var made = routes.Of(Core.Routes.Signal.Of("alertmanager", new AlertSignal(seen.Fingerprint, labels, null, routed), seen));
        seen = seen with { Severity = made.Severity, Route = Shortened.To(made.Account, MaxText) };
        return new AlertReading(seen, fingerprint, made, labels, routed, Described(text, annotations, alert))
        {
            Quiet = alert.Status?.Trim().ToLowerInvariant() is "suppressed" or "silenced" or "inhibited" or "pending" or "paused",
        };
    }

    /// <summary>A name that a store can find again: what is longer than an index takes is shortened, and stays distinct by its hash.</summary>
    public static string Name(string text) =>
        text.Length <= MaxName ? text : $"{Shortened.To(text, MaxName - 65)}{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))}";

    /// <summary>One word for the end, or several of which the first or the last is one: <c>ALERT_RECOVERY</c>.</summary>
    private static AlertStatus StatusOf(string text) => text.Split([' ', '_', '-', '.'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
        .Select(word => word.ToLowerInvariant()).ToArray() switch
        {
            ["resolved" or "ok" or "normal" or "inactive" or "deactivated" or "cleared" or "clear" or "closed" or "close" or "delete" or "deleted"
                or "recovered" or "recovery" or "up" or "success" or "healthy" or "passing" or "operational"] => AlertStatus.Resolved,
            ["not" or "no" or "never" or "partially", ..] => AlertStatus.Firing,
            ["resolved" or "recovered" or "recovery", ..] or [.., "resolved" or "recovered" or "recovery" or "cleared" or "closed" or "end"]
                => AlertStatus.Resolved,
            _ => AlertStatus.Firing,
        };

    private static string? Described(string? text, Dictionary<string, string> annotations, AlertmanagerAlert alert)
    {
        var links = AlertLinks.Lines(
        [
            AlertLinks.Link("Runbook", annotations.GetValueOrDefault("runbook_url") ?? annotations.GetValueOrDefault("runbook")),
            AlertLinks.Link("Dashboard", annotations.GetValueOrDefault("dashboard_url") ?? alert.DashboardURL),
            AlertLinks.Link("Panel", alert.PanelURL),
            AlertLinks.Link("Picture", alert.ImageURL),
            AlertLinks.Link("Source", alert.GeneratorURL),
            AlertLinks.Link("Silence", alert.SilenceURL),
        ]);
        return text is not null && links is not null ? $"{text}\n\n{links}" : text ?? links;
    }

    /// <summary>Some rules of monitoring say the severity in an annotation; where no label says one, it counts.</summary>
    private static bool SaysSeverity(Dictionary<string, string> labels, RouteSet routes) => labels.Keys.Any(name => IsSeverity(name, routes));

    private static bool IsSeverity(string name, RouteSet routes) => routes.SeverityLabels.Contains(name, StringComparer.OrdinalIgnoreCase);

    private static string Hash(Dictionary<string, string> labels)
    {
        var text = string.Join('\n', labels.OrderBy(label => label.Key, StringComparer.Ordinal).Select(label => $"{label.Key}={label.Value}"));
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..16];
    }

    private static string? Annotation(Dictionary<string, string> texts, string name, int longest) =>
        texts.GetValueOrDefault(name) is { } text && !string.IsNullOrWhiteSpace(text) ? Shortened.To(text.Trim(), longest) : null;

    private static string? FirstLine(string? text) => text is null ? null : Shortened.To(text.Split('\n', 2)[0].Trim(), MaxText);
}
