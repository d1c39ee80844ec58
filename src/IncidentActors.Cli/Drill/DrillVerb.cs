using IncidentActors.Cli.Http;
using System.CommandLine;
using IncidentActors.Cli.Lines;
using IncidentActors.Core.Flows;
using Spectre.Console;

namespace IncidentActors.Cli.Drill;

/// <summary><c>incident drill</c>: a fire drill on a separate server. <c>./run drill</c> builds and calls it.</summary>
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
        var delay = new Option<int>("--watch-delay") { Description = "Milliseconds to wait between two rows", HelpName = "MS" };
        var watch = new Option<bool>("--watch") { Description = "Opens the pages in a browser and runs the drill slowly; the server runs until Ctrl+C" };
        var agents = new Option<int>("--agents") { Description = "Agents with ordinary work that is halted", HelpName = "N", DefaultValueFactory = _ => 12 };
        var program = new Option<string?>("--server-program") { Description = "The server to start (INCIDENT_SERVER_PROGRAM)", HelpName = "FILE" };
        var report = new Option<string?>("--report")
        {
            Description = "Where to write the incident's report; without it ./drill-report-INC-….md",
            HelpName = "FILE",
        };
        var speed = new Option<double?>("--speed")
        {
            Description = "Afterwards the clock runs N times as fast until each follow-up is overdue and people are notified: 1440 is a day in a minute",
            HelpName = "N",
        };
        const string Means = "A fire drill on a separate server: scripted agents work a flow, everything else is halted";
        return verbs.Make("drill", Means, [flow, fail, watch, delay, agents, speed, program, report], async (line, cancel) =>
        {
            var failure = line.Value(fail) is { } what && FlowSet.Shipped.Find(line.Value(flow)!) is { } named ? DrillFailures.RowOf(named, what) : null;
            if (line.Value(fail) is { } wrong && (failure is null || !DrillFailures.Names.Contains(wrong)))
            {
                return line.Fail(
                    ExitCodes.Usage,
                    $"The flow '{line.Value(flow)}' has no failure '{wrong}'; emergency-hotfix has "
                    + $"{string.Join(", ", DrillFailures.Names)}, critical-response has stability.");
            }

            if (line.Value(speed) is < 1 or > 3600) return line.Fail(ExitCodes.Usage, "--speed must be 1 to 3600.");
            if (DrillScenario.All.FirstOrDefault(one => one.Name == line.Value(flow)) is { } scenario)
            {
                if (line.Value(speed) is not null) return line.Fail(ExitCodes.Usage, $"'{scenario.Name}' has no follow-up to wait for; leave out --speed.");
                return ServerProgram.Find(line.Value(program), line.Terminal.Environment) is { } found
                    ? await RunAsync(line, scenario, found, line.Value(report), cancel)
                    : line.Fail(ExitCodes.Usage, NoServer);
            }

            if (DrillScripts.For(line.Value(flow)!, line.Terminal.Now, failure) is not { } script)
                return line.Fail(ExitCodes.Usage, $"There is no drill for the flow '{line.Value(flow)}'; there are {string.Join(", ", DrillScripts.Names)}.");
            if (line.Value(agents) is < 1 or > 500 || line.Value(delay) is < 0 or > 60_000)
                return line.Fail(ExitCodes.Usage, "--agents must be 1 to 500, and --watch-delay 0 to 60000.");
            if (ServerProgram.Find(line.Value(program), line.Terminal.Environment) is not { } server)
                return line.Fail(ExitCodes.Usage, NoServer);
            var between = line.Value(delay) == 0 && line.Value(watch) ? DrillPages.SlowMotion : TimeSpan.FromMilliseconds(line.Value(delay));
            var settings = new DrillSettings(line.Value(agents), between);
            return await RunAsync(line, script, settings, server, line.Value(report), line.Value(watch), line.Value(speed), cancel);
        });
    }

    private const string NoServer = "The server's program is not here. ./run drill builds it; or name it with --server-program.";

    private static async Task<int> RunAsync(Line line, DrillScenario scenario, string program, string? report, CancellationToken cancel)
    {
        var folder = Directory.CreateTempSubdirectory("incident-drill-").FullName;
        var keep = true;
        try
        {
            await using var server = new DrillServer(program, folder);
            await server.StartAsync(cancel);
            using var http = new SocketsHttpHandler();
            var progress = new DrillProgress();
            if (!line.Json) progress.Said = said => line.Screen.MarkupLineInterpolated($"{said}");
            var result = await ScenarioDrill.RunAsync(scenario, server.Address, http, progress, cancel);
            result = result with { Report = await DrillReport.WriteAsync(server.Address, http, result, report, cancel) };
            if (line.Json) line.PrintJson(result.Json());
            else DrillBoard.Result(line.Screen, result);
            keep = !result.Passed;
            return result.Passed ? ExitCodes.Ok : ExitCodes.Refused;
        }
        catch (Exception failed) when (failed is DrillFailedException or System.Text.Json.JsonException)
        {
            return line.Fail(ExitCodes.Refused, $"FAILED: {failed.Message}");
        }
        finally
        {
            if (keep) line.Terminal.Errors.MarkupLineInterpolated($"The server's data and log are kept in {folder}");
            else Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<int> RunAsync(
        Line line, DrillScript script, DrillSettings settings, string program, string? report, bool watch, double? speed, CancellationToken cancel)
    {
        var folder = Directory.CreateTempSubdirectory("incident-drill-").FullName;
        var keep = false;
        try
        {
            await using var server = new DrillServer(program, folder) { ClockSpeed = speed is null ? null : 1 };
            if (!line.Json)
            {
                line.Screen.MarkupLineInterpolated(
                    $"[bold]Fire drill: {script.Title}.[/] [grey]It has a separate server at {server.Address.GetLeftPart(UriPartial.Authority)}[/]");
            }

            await server.StartAsync(cancel);
            if (watch) DrillPages.Open(line, server.Address);
            using var http = DirectLoopback.Handler();
            var progress = new DrillProgress();
            using var drill = new FireDrill(script, settings, server.Address, http, progress);
            var result = await ShowAsync(line, script, progress, () => RunAsync(drill, server, http, progress, speed, cancel), cancel);
            result = result with { Report = await DrillReport.WriteAsync(server.Address, http, result, report, cancel) };
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

    private static async Task<DrillResult> RunAsync(
        FireDrill drill, DrillServer server, HttpMessageHandler http, DrillProgress progress, double? speed, CancellationToken cancel)
    {
        var result = await drill.RunAsync(cancel);
        if (speed is not { } fast) return result;
        await server.KillAsync();
        server.ClockSpeed = fast;
        await server.StartAsync(cancel);
        return result with { Checks = result.Checks.AddRange(await DrillDeadlines.CheckAsync(result, fast, server.Address, http, progress, cancel)) };
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
