using System.CommandLine;
using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using IncidentActors.Cli.Lines;
using IncidentActors.Cli.Permits;
using IncidentActors.Core.Permits;
using Spectre.Console;

namespace IncidentActors.Cli.Guards;

/// <summary><c>incident guard [--action deploy --target checkout] -- COMMAND …</c>: runs a command only as long as its permit holds.</summary>
internal static class GuardVerb
{
    public const string Name = "guard";

    private const int DefaultGrace = 5;

    public static Command Make(Verbs verbs)
    {
        var action = Given.Text("--action", "What the command does; left out: the program's name");
        var wanted = new PermitOptions();
        var grace = new Option<int?>("--grace") { Description = $"Seconds from SIGTERM to SIGKILL, default {DefaultGrace}", HelpName = "N" };
        var command = new Argument<string[]>("command") { Description = "The command, after --", Arity = ArgumentArity.OneOrMore };
        return verbs.Acting(
            Name, "Run a command while its permit is valid; a halt stops its process group, and the exit code is 4",
            [action, .. wanted.All, grace, command],
            async (line, cancel) =>
            {
                if (OperatingSystem.IsWindows()) return line.Fail(ExitCodes.Usage, "incident guard runs on Linux and macOS.");
                var words = line.Value(command)!;
                var asked = Stopwatch.GetTimestamp();
                var body = wanted.Body(line, line.Value(action) ?? Path.GetFileName(words[0]), Name, Digest(words));
                var answer = await line.SendAsync("/api/permits", body, line.Key, cancel);
                if (!answer.Ok) return line.Refused(answer);
                return await RunAsync(line, words, answer.Read<PermitView>(), asked, TimeSpan.FromSeconds(line.Value(grace) ?? DefaultGrace));
            });
    }

    private static async Task<int> RunAsync(Line line, string[] words, PermitView permit, long asked, TimeSpan grace)
    {
        using var watchdog = Watchdog.Start();
        var seconds = TimeSpan.FromSeconds(permit.Seconds);
        watchdog.Renew(permit.Id, 0, seconds - Stopwatch.GetElapsedTime(asked), Guard.Within(grace, seconds));
        ProcessGroup group;
        try
        {
            group = ProcessGroup.Start(words, (MarkedProcesses.Variable, permit.Id));
        }
        catch (System.ComponentModel.Win32Exception error)
        {
            await EndAsync(line, permit, PermitOutcome.Failed, $"not started: {error.Message}");
            return line.Fail(error.NativeErrorCode == 2 ? 127 : 126, $"{words[0]}: {error.Message}");
        }

        using var forwarding = group;
        var guard = new Guard(line.Quick(), permit, grace, group, watchdog);
        var result = await guard.HoldAsync(asked);
        if (result.Stopped is { } why) line.Terminal.Errors.MarkupLineInterpolated($"[bold red]incident guard stopped it[/]: {why}");
        if (result.Left) line.Terminal.Errors.MarkupLine("[yellow]incident guard stopped what the command had left running[/]");
        await EndAsync(line, permit, result.Outcome, result.Stopped is null ? $"exit code {result.ExitCode}" : $"stopped: {result.Stopped}");
        return result.ExitCode;
    }

    private static async Task EndAsync(Line line, PermitView permit, PermitOutcome outcome, string notes)
    {
        if (await PermitReport.SendAsync(line, permit.Id, outcome, notes) is { } why)
        {
            line.Terminal.Errors.MarkupLineInterpolated(
                $"[yellow]{permit.Id} could not be reported: {why} Settle it with: incident permits end {permit.Id} done[/]");
        }
    }

    private static string Digest(string[] words) => "sha256:" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\0', words))));
}
