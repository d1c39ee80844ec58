using System.Globalization;
using IncidentActors.Cli.Terminals;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace IncidentActors.Cli.Drill;

/// <summary>A drill on the terminal: live while it runs, and its result.</summary>
internal static class DrillBoard
{
    public static IRenderable Draw(DrillScript script, DrillProgress progress)
    {
        var taken = progress.Taken;
        var table = new ListTable("row", "from", "to", "by", "what happens", "taken after");
        foreach (var (index, row) in script.Expected.Index())
        {
            var done = index < taken.Count ? taken[index] : null;
            table.AddRow(
                done is null ? $"  {row.Number}" : $"[green]✓[/] {row.Number}", Markup.Escape(row.From), Words.State(row.To),
                Markup.Escape(done?.By ?? row.Role), Markup.Escape(row.Trigger),
                done is null ? index == taken.Count ? "[yellow]now[/]" : "" : string.Create(CultureInfo.InvariantCulture, $"{done.After.TotalSeconds:0.00} s"));
        }

        var turns = string.Create(
            CultureInfo.InvariantCulture,
            $"{progress.Tally.Committed} committed, {progress.Tally.Refusals} refused with 423; {progress.Bystanders} agents with ordinary work");
        return new Rows(
            table,
            Text.Empty,
            new Markup($"[grey]halt[/]   {(progress.Halt.Length == 0 ? "none" : Markup.Escape(progress.Halt))}"),
            new Markup($"[grey]turns[/]  {turns}"),
            new Markup($"[grey]now[/]    {Markup.Escape(progress.Phase)}"));
    }

    public static void Result(IAnsiConsole screen, DrillResult result)
    {
        foreach (var check in result.Checks)
        {
            screen.MarkupLine(
                $"{(check.Passed ? "[green]✓ yes[/]" : "[bold red]✗ NO [/]")}  {Markup.Escape(check.Name)} [grey]({Markup.Escape(check.Detail)})[/]");
        }

        screen.WriteLine();
        screen.MarkupLineInterpolated($"[bold]{result.Atp}[/] {result.AtpStatus}, incident {result.Incident}");
        foreach (var followUp in result.FollowUps) screen.MarkupLineInterpolated($"follow-up [bold]{followUp}[/]");
        if (result.Halt is { } halt) screen.MarkupLineInterpolated($"lifted [bold]{halt}[/]");
        if (result.Report is { } report) screen.MarkupLineInterpolated($"report [bold]{report}[/]");
        var took = result.Took.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture);
        screen.MarkupLine(
            result.Passed
                ? $"[bold green]PASSED[/] in {took} s"
                : $"[bold red]FAILED[/] after {took} s: {result.Checks.Count(check => !check.Passed)} of {result.Checks.Length} checks");
    }
}
