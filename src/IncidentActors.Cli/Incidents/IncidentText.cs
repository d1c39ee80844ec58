using System.Globalization;
using IncidentActors.Cli.Lines;
using IncidentActors.Cli.Terminals;
using IncidentActors.Core.Incidents;
using IncidentActors.Core.Messages;
using IncidentActors.Core.Texts;
using Spectre.Console;

namespace IncidentActors.Cli.Incidents;

/// <summary>An incident on the terminal.</summary>
internal static class IncidentText
{
    public static void Details(Line line, IncidentView incident)
    {
        var screen = line.Screen;
        screen.MarkupLine(Heading(incident));
        screen.Write(Grid(incident, line.Terminal.Now));
    }

    /// <summary><c>INC-… SEV-1 mitigating  Checkout is down</c>.</summary>
    public static string Heading(IncidentView incident) =>
        $"[bold]{Markup.Escape(incident.Id)}[/]  {Words.Of(incident.Severity)}  {Words.Of(incident.Status)}  [bold]{Title(incident)}[/]";

    private static string Title(IncidentView incident) => Markup.Escape(SafeText.OneLine(incident.Title));

    public static Grid Grid(IncidentView incident, DateTimeOffset now) => Facts.New()
        .With(
            "category",
            Words.Text(Enum.GetName(incident.Category)!.ToLowerInvariant())
                + (incident.Criterion is { } met ? $" [grey](SEV-1 by: {Markup.Escape(met)})[/]" : ""))
        .With("commander", Words.Text(incident.Commander))
        .With("responders", string.Join(
            ", ",
            incident.Responders
                .Where(one => one.Handle != incident.Commander)
                .Select(one => $"{Markup.Escape(one.Handle)} [grey]{Markup.Escape(one.Role)}[/]")))
        .With("ATPs", Markup.Escape(string.Join(", ", incident.Atps)))
        .With("halts", Markup.Escape(string.Join(", ", incident.Halts)))
        .With("started", Ago.Both(incident.StartedAt, now))
        .With("declared", Ago.Both(incident.DeclaredAt, now))
        .With("acknowledged", incident.AcknowledgedAt is { } acked ? After(acked, incident.DeclaredAt, now) : "[bold red]not yet[/]")
        .With("mitigated", incident.MitigatedAt is { } mitigated ? After(mitigated, incident.DeclaredAt, now) : null)
        .With("resolved", incident.ResolvedAt is { } resolved ? After(resolved, incident.DeclaredAt, now) : null)
        .With("closed", incident.ClosedAt is { } closed ? After(closed, incident.DeclaredAt, now) : null)
        .With("archived", incident.Archived is { } archived ? Markup.Escape($"{archived.At:u} in {archived.File}") : null)
        .With("related to", incident.RelatedTo is { } related ? Markup.Escape(related) : null)
        .With("description", incident.Description is { } description ? Markup.Escape(description.Trim()) : null)
        .With("assessment", incident.Assessment is { } assessment ? Assessment(assessment) : null)
        .With("mitigation", string.Join("\n", incident.Mitigations.Select(one => Mitigation(one, now))))
        .With("impact", incident.Impact is { } impact ? Markup.Escape(impact) : null)
        .With("fix", incident.Fix is { } fix ? Markup.Escape(fix) : null)
        .With(
            "alerts",
            incident.Alerts.IsEmpty
                ? null
                : $"{incident.Alerts.Count(alert => alert.Status == AlertStatus.Firing)} firing of {incident.Alerts.Length}")
        .With("labels", Labels(incident))
        .With("routed", incident.Route is { } route ? Markup.Escape(route) : null)
        .With("similar", string.Join(
            "\n",
            incident.Similar.Select(
                one =>
                    $"{Markup.Escape(one.Id)} {Markup.Escape(one.Title)}{(one.Repeat ? " [yellow](same root cause: a repeat)[/]" : "")}")))
        .With("to do", incident.ResolutionSuggested && incident.Status.IsOngoing() ? "[yellow]all its alerts have resolved: verify, then resolve it[/]" : null);

    private static string? Labels(IncidentView incident)
    {
        const int Most = 40;
        var lines = incident.Labels.Take(Most).Select(label => Words.Text($"{label.Key}: {Shortened.To(label.Value, 200)}"));
        if (incident.Labels.Count > Most) lines = lines.Append($"… and {incident.Labels.Count - Most} more");
        return incident.Labels.IsEmpty ? null : string.Join("\n", lines);
    }

    public static ListTable List(IEnumerable<IncidentView> incidents, DateTimeOffset now)
    {
        var table = new ListTable("id", "severity", "status", "declared", "acknowledged", "commander", "title");
        foreach (var incident in incidents)
        {
            table.AddRow(
                Markup.Escape(incident.Id), Words.Of(incident.Severity), Words.Of(incident.Status), Ago.Relative(incident.DeclaredAt, now),
                incident.AcknowledgedAt is { } at
                    ? $"after {Ago.Length(at - incident.DeclaredAt)}"
                    : incident.Status.IsOngoing() ? "[bold red]not yet[/]"
                    : "-",
                Words.Text(incident.Commander), Title(incident));
        }

        return table;
    }

    private static string After(DateTimeOffset at, DateTimeOffset declared, DateTimeOffset now) =>
        $"{Ago.Both(at, now)} [grey]{Ago.Length(at - declared)} after declaring[/]";

    private static string Mitigation(Mitigation one, DateTimeOffset now)
    {
        var late = one.ExpectedMinutes is { } minutes && (one.DoneAt ?? now) - one.StartedAt > TimeSpan.FromMinutes(minutes);
        var expected = one.ExpectedMinutes is { } given ? string.Create(CultureInfo.InvariantCulture, $", expected {given}m") : "";
        var state = one.DoneAt is { } done ? $"worked after {Ago.Length(done - one.StartedAt)}" : $"since {Ago.Length(now - one.StartedAt)}";
        return $"{Markup.Escape(one.Action)} by {Markup.Escape(one.By)}, {state}{expected}{(late ? " [red]overrun[/]" : "")}";
    }

    private static string Assessment(Assessment one) => string.Join("\n", new[]
    {
        ("what is broken", one.Broken), ("users affected", one.UsersAffected), ("since when", one.Since), ("what changed", one.Changed),
        ("checked", one.Checks.IsDefaultOrEmpty ? null : string.Join(", ", one.Checks)),
    }.Select(pair => $"{pair.Item1}: {(pair.Item2 is { } said ? Markup.Escape(said) : "[yellow]not said yet[/]")}"));
}
