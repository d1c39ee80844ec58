using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using IncidentActors.Cli.Guards;
using IncidentActors.Cli.Http;
using IncidentActors.Cli.Lines;
using IncidentActors.Cli.Terminals;
using Spectre.Console;

namespace IncidentActors.Cli.Halts;

/// <summary><c>incident halt rehearse</c>: halts a canary and says path by path whether it stopped.</summary>
internal static class RehearseVerb
{
    /// <summary>The canary's own access token: without it a guard cannot be rehearsed where the server needs tokens.</summary>
    private const string TokenVariable = "INCIDENT_CANARY_TOKEN";

    public static Command Make(Verbs verbs)
    {
        var nonce = Given.Text("--nonce", "A word that identifies this rehearsal in the halt's reason");
        var canary = Given.Text("--canary", $"The canary's handle; with tokens that of {TokenVariable}").Handle();
        return verbs.Acting("rehearse", "Rehearse a halt with a canary: each path 'stopped in N ms' or 'not known'", [nonce, canary], async (line, cancel) =>
        {
            var word = line.Value(nonce) ?? Guid.NewGuid().ToString("N")[..12];
            var handle = line.HandleOf(canary) ?? $"@canary-{word}";
            using var guard = await StartGuardAsync(line, handle, cancel);
            var began = Stopwatch.GetTimestamp();
            var answer = await line.SendAsync("/api/halts/rehearse", JsonParts.Body(("nonce", word), ("canary", handle)), line.Key, cancel);
            if (!answer.Ok) return line.Refused(answer);
            var guarded = await GuardAsync(guard, began);
            return line.Show(answer, shown => Print(line, shown.Json(), guarded)) is var exit and not ExitCodes.Ok ? exit
                : answer.Json().Part("passed")?.GetBoolean() == true ? ExitCodes.Ok
                : ExitCodes.Refused;
        });
    }

    /// <summary>A guard on this machine with a command that would go on; null: it cannot be rehearsed.</summary>
    private static async Task<Process?> StartGuardAsync(Line line, string canary, CancellationToken cancel)
    {
        var token = line.Terminal.Environment(TokenVariable);
        if (OperatingSystem.IsWindows() || (line.Server.Address.Token is not null && token is null)) return null;
        return await GuardProgram.StartAsync(line.Server.Address.Server, canary, token, ["--action", "rehearsal"], cancel);
    }

    private static async Task<TimeSpan?> GuardAsync(Process? guard, long began)
    {
        if (guard is null) return null;
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        try
        {
            await guard.WaitForExitAsync(late.Token);
            return guard.ExitCode == ExitCodes.Halted ? guard.ExitTime.ToUniversalTime() - (DateTime.UtcNow - Stopwatch.GetElapsedTime(began)) : null;
        }
        catch (OperationCanceledException)
        {
            guard.Kill(entireProcessTree: true);
            return null;
        }
    }

    private static void Print(Line line, JsonElement rehearsal, TimeSpan? guarded)
    {
        var table = new ListTable("path", "result", "why not");
        foreach (var path in rehearsal.List("paths"))
        {
            if (path.Text("path") == "guard" && guarded is not null) continue;
            var time = path.Part("milliseconds")?.GetDouble();
            table.AddRow(Markup.Escape(path.Text("path") ?? ""), Result(path.Part("stopped")?.GetBoolean() == true, time), Words.Text(path.Text("why")));
        }

        table.AddRow(
            "guard on this machine", Result(guarded is not null, guarded?.TotalMilliseconds),
            guarded is null ? "No guard could be rehearsed here: it needs INCIDENT_CANARY_TOKEN where the server needs tokens." : "-");
        line.Screen.Write(table);
    }

    private static string Result(bool stopped, double? milliseconds) => !stopped ? "[yellow]not known[/]"
        : milliseconds is { } time ? string.Create(CultureInfo.InvariantCulture, $"[green]stopped[/] in {time:0} ms")
        : "[green]stopped[/]";
}
