using System.Diagnostics;
using IncidentActors.Testing;

namespace IncidentActors.Benchmarks.Permits;

/// <summary>From the start of an agent program's hook to its answer, with the hook of a tool that is allowed; and the server's part of it.</summary>
internal static class HookPrograms
{
    private const int WarmUp = 5;
    private const int Calls = 60;

    private const string Hook =
        """
        {"session_id":"abc123","transcript_path":"/t.jsonl","cwd":"/home/u/pay","permission_mode":"default","hook_event_name":"PreToolUse",
         "tool_name":"Bash","tool_input":{"command":"git push origin main"},"tool_use_id":"toolu_01ABC123"}
        """;

    public static async Task RunAsync()
    {
        using var folder = new TemporaryFolder();
        await using var server = new ServerProcess("--data", folder.Path, "--quiet");
        await server.StartAsync();
        var script = SourceTree.Path("deploy", "hooks", "incident-hook");
        await MeasureAsync(server, "incident hook claude-code", "dotnet", Path.Combine(AppContext.BaseDirectory, "incident.dll"), "hook", "claude-code");
        await MeasureAsync(server, "deploy/hooks/incident-hook (sh, curl)", "sh", script, "claude-code");
        await MeasureAsync(server, "POST /api/hooks/claude-code", async () =>
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/api/hooks/claude-code")
            {
                Content = new StringContent(Hook, System.Text.Encoding.UTF8, "application/json"),
            };
            request.Headers.Add("X-Agent", "@dev");
            using var answer = await server.Client.SendAsync(request);
            answer.EnsureSuccessStatusCode();
        });
    }

    private static Task MeasureAsync(ServerProcess server, string what, string program, params string[] arguments) => MeasureAsync(server, what, async () =>
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        start.Environment["INCIDENT_SERVER"] = server.Client.BaseAddress!.ToString().TrimEnd('/');
        start.Environment["INCIDENT_AGENT"] = "@dev";
        using var process = Process.Start(start)!;
        await process.StandardInput.WriteAsync(Hook);
        process.StandardInput.Close();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0 || output.Trim() != "{}")
            throw new InvalidOperationException($"{what} ended with {process.ExitCode}: {output}{await process.StandardError.ReadToEndAsync()}");
    });

    private static async Task MeasureAsync(ServerProcess server, string what, Func<Task> call)
    {
        var took = new List<double>();
        for (var i = 0; i < WarmUp + Calls; i++)
        {
            var began = Stopwatch.GetTimestamp();
            await call();
            if (i >= WarmUp) took.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
        }

        took.Sort();
        Table.Row($"{what}, p50 of {Calls}", Table.Percentile(took, 0.5), "ms", "aim < 80");
    }
}
