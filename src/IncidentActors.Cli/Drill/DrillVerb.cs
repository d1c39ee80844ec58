using System.CommandLine;
using IncidentActors.Cli.Lines;
using IncidentActors.Core.Flows;
using Spectre.Console;

namespace IncidentActors.Cli.Drill;

/// <summary><c>incident drill</c>: a fire drill on a server of its own. <c>./run drill</c> builds and calls it.</summary>
internal static class DrillVerb
{
    public static Command Make(Verbs verbs)
    {
        var flow = new Option<string?>("--flow")
        {
            Description = $"{string.Join(", ", DrillScripts.Names)}",
            HelpName = "NAME",
            DefaultValueFactory = _ => "emergency",
        };
        flow.CompletionSources.Add([.. DrillScripts.Names]);
        var fail = new Option<string?>("--fail") { Description = $"What goes wrong: {string.Join(", ", DrillFailures.Names)}", HelpName = "WHAT" };
        fail.CompletionSources.Add([.. DrillFailures.Names]);
        var delay = new Option<int>("--watch-delay") { Description = "Milliseconds between two rows, to watch it", HelpName = "MS" };
        var watch = new Option<bool>("--watch") { Description = "Opens the pages on it, in slow motion; they stay until Ctrl+C" };
        var agents = new Option<int>("--agents") { Description = "Agents with ordinary work that is halted", HelpName = "N", DefaultValueFactory = _ => 12 };
        var program = new Option<string?>("--server-program") { Description = "The server to start (INCIDENT_SERVER_PROGRAM)", HelpName = "FILE" };
        var report = new Option<string?>("--report")
        {
            Description = "Where to write the incident's report; without it ./drill-report-INC-….md",
            HelpName = "FILE",
        };
        const string Means = "A fire drill on a server of its own: scripted agents work a flow, everything else is halted";
        return verbs.Make("drill", Means, [flow, fail, watch, delay, agents, program, report], async (line, cancel) =>
        {
            var failure = line.Value(fail) is { } what && FlowSet.Shipped.Find(line.Value(flow)!) is { } named ? DrillFailures.RowOf(named, what) : null;
            if (line.Value(fail) is { } wrong && (failure is null || !DrillFailures.Names.Contains(wrong)))
            {
                return line.Fail(
                    ExitCodes.Usage,
                    $"The flow '{line.Value(flow)}' has no failure '{wrong}'; emergency-hotfix has "
                    + $"{string.Join(", ", DrillFailures.Names)}, critical-response has stability.");
            }

            if (DrillScripts.For(line.Value(flow)!, line.Terminal.Now, failure) is not { } script)
                return line.Fail(ExitCodes.Usage, $"There is no drill for the flow '{line.Value(flow)}'; there are {string.Join(", ", DrillScripts.Names)}.");
            if (line.Value(agents) is < 1 or > 500 || line.Value(delay) is < 0 or > 60_000)
                return line.Fail(ExitCodes.Usage, "--agents is 1 to 500, --watch-delay 0 to 60000.");
            if (ServerProgram.Find(line.Value(program), line.Terminal.Environment) is not { } server)
                return line.Fail(ExitCodes.Usage, "The server's program is not here. ./run drill builds it; or name it with --server-program.");
            var between = line.Value(delay) == 0 && line.Value(watch) ? DrillPages.SlowMotion : TimeSpan.FromMilliseconds(line.Value(delay));
            return await RunAsync(line, script, new DrillSettings(line.Value(agents), between), server, line.Value(report), line.Value(watch), cancel);
        });
    }

    private static async Task<int> RunAsync(
        Line line, DrillScript script, DrillSettings settings, string program, string? report, bool watch, CancellationToken cancel)
    {
        var folder = Directory.CreateTempSubdirectory("incident-drill-").FullName;
        var keep = false;
        try
        {
            await using var server = new DrillServer(program, folder);
            if (!line.Json)
            {
                line.Screen.MarkupLineInterpolated(
                    $"[bold]Fire drill: {script.Title}.[/] [grey]It has a server of its own at {server.Address.GetLeftPart(UriPartial.Authority)}[/]");
            }

            await server.StartAsync(cancel);
            if (watch) DrillPages.Open(line, server.Address);
            using var http = new SocketsHttpHandler();
            var progress = new DrillProgress();
            using var drill = new FireDrill(script, settings, server.Address, http, progress);
            var result = await ShowAsync(line, script, progress, () => drill.RunAsync(cancel), cancel);
            result = result with { Report = await DrillReport.WriteAsync(server.Address, http, result.Incident, report, cancel) };
            if (line.Json) line.PrintJson(result.Json());
            else DrillBoard.Result(line.Screen, result);
            if (watch) await DrillPages.StayAsync(line, server.Address, cancel);
            keep = !result.Passed;
            return result.Passed ? ExitCodes.Ok : ExitCodes.Refused;
        }
        catch (Exception failed) when (failed is DrillFailedException or System.Text.Json.JsonException)
        {
            keep = true;
            return line.Fail(ExitCodes.Refused, $"FAILED: {failed.Message}");
        }
        finally
        {
            if (keep) line.Terminal.Errors.MarkupLineInterpolated($"The server's data and log are kept in {folder}");
            else Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<DrillResult> ShowAsync(
        Line line, DrillScript script, DrillProgress progress, Func<Task<DrillResult>> run, CancellationToken cancel)
    {
        if (line.Json) return await run();
        if (!line.Terminal.Live)
        {
            progress.Said = said => line.Screen.MarkupLineInterpolated($"{said}");
            return await run();
        }

        var running = run();
        await line.Screen.Live(DrillBoard.Draw(script, progress)).StartAsync(async live =>
        {
            while (!running.IsCompleted)
            {
                await Task.WhenAny(running, Task.Delay(TimeSpan.FromMilliseconds(80), cancel));
                live.UpdateTarget(DrillBoard.Draw(script, progress));
            }
        });
        line.Screen.WriteLine();
        return await running;
    }
}
