using System.CommandLine;
using IncidentActors.Cli.Lines;
using IncidentActors.Core.NextSteps;
using Spectre.Console;

namespace IncidentActors.Cli.Incidents;

/// <summary><c>incident next</c>: what is owed, by whom, and the command for it.</summary>
internal static class NextVerb
{
    public static Command Make(Verbs verbs)
    {
        var id = Given.Id("id", "INC-… or AT-…");
        return verbs.Make("next", "Show what an incident or ATP still needs, by whom, and the command for it", [id], (line, cancel) =>
        {
            var kind = line.Value(id).StartsWith("AT-", StringComparison.OrdinalIgnoreCase) ? "atps" : "incidents";
            return line.GetAsync($"/api/{kind}/{Uri.EscapeDataString(line.Value(id))}/next", answer => Show(line, answer.Read<NextActionsView>()), cancel);
        });
    }

    private static void Show(Line line, NextActionsView next)
    {
        line.Screen.MarkupLineInterpolated($"[bold]{next.Id}[/] is {next.Status}.{(next.Actions.IsEmpty ? " Nothing is owed." : "")}");
        foreach (var action in next.Actions)
        {
            line.Screen.MarkupLineInterpolated($"{action.Who} {action.What}{(action.After is { } after ? $" (after: {after})" : "")}");
            line.Screen.MarkupLineInterpolated($"  [green]{action.Command}{(action.Tool == "inbox" ? "" : $" --agent {action.Who}")}[/]");
            if (action.Sections is { IsEmpty: false } sections)
                line.Screen.MarkupLineInterpolated($"  [grey]report.md needs the headings {string.Join(", ", sections.Select(section => $"## {section}"))}[/]");
        }
    }
}
