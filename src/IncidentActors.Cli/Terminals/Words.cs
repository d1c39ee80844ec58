using IncidentActors.Core.Incidents;
using IncidentActors.Core.Messages;
using Spectre.Console;

namespace IncidentActors.Cli.Terminals;

/// <summary>Status words with their colour. The word alone says everything; the colour only helps.</summary>
internal static class Words
{
    public static string Of(Severity severity) => severity switch
    {
        Severity.Sev1 => "[bold white on red]SEV-1[/]",
        Severity.Sev2 => "[bold red]SEV-2[/]",
        Severity.Sev3 => "[yellow]SEV-3[/]",
        _ => "[grey]SEV-4[/]",
    };

    public static string Of(IncidentStatus status) => status switch
    {
        IncidentStatus.Declared or IncidentStatus.Assessing => $"[bold red]{status.Name()}[/]",
        IncidentStatus.Mitigating => "[yellow]mitigating[/]",
        IncidentStatus.Monitoring => "[blue]monitoring[/]",
        IncidentStatus.Resolved => "[green]resolved[/]",
        _ => $"[grey]{status.Name()}[/]",
    };

    public static string Of(Priority priority) => priority switch
    {
        Priority.P0 => "[bold red]P0[/]",
        Priority.P1 => "[yellow]P1[/]",
        Priority.P2 => "P2",
        _ => "[grey]P3[/]",
    };

    /// <summary>States of ATPs, halts, approvals and agents.</summary>
    public static string State(string state) => state.ToLowerInvariant() switch
    {
        "halted" or "active" or "rejected" or "blocked" or "unconfirmed" => $"[bold red]{Markup.Escape(state)}[/]",
        "open" or "inprogress" or "working" => $"[yellow]{Markup.Escape(state)}[/]",
        "closed" or "lifted" or "approved" or "idle" or "confirmed" => $"[green]{Markup.Escape(state)}[/]",
        _ => Markup.Escape(state),
    };

    public static string Text(string? text) => Markup.Escape(text ?? "-");

    /// <summary>The first line, cut to a length.</summary>
    public static string Short(string? text, int most)
    {
        var line = (text ?? "").Split('\n', 2)[0].Trim();
        return Markup.Escape(Shortened.Within(line, most));
    }
}
