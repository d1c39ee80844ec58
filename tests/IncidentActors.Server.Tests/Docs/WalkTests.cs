using System.Diagnostics;
using System.Text.RegularExpressions;
using IncidentActors.Server.Tests.Http;
using IncidentActors.Testing;

namespace IncidentActors.Server.Tests.Docs;

/// <summary>The blocks of the documents for users, run as they stand there, in their order.</summary>
[Slow]
public sealed partial class WalkTests
{
    [Fact]
    public async Task Getting_started_leads_to_a_closed_postmortem()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var folder = await RunAsync("GETTING-STARTED.md", "walk", server.Address, server.Data);
        var incidents = (await server.GetAsync("/api/incidents")).Items();
        Assert.Equal(["closed", "declared"], incidents.Select(incident => incident.Text("status")).Order());
        Assert.Contains(
            (await server.GetAsync("/api/atps")).Items(),
            atp => atp.Text("id").StartsWith("AT-POST-", StringComparison.Ordinal) && atp.Text("status") == "Closed");
        Assert.Contains("Checkout answers 500", await File.ReadAllTextAsync(Path.Combine(folder, "incident-report.md")), StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(folder, "my-incidents", "roster.yaml")));
    }

    [Fact]
    public async Task The_tokens_and_the_hook_of_Claude_Code()
    {
        await using var server = await ServerUnderTest.StartAsync();
        await RunAsync("CLAUDE-CODE.md", "hook", server.Address, server.Data);
        await RunAsync("CLAUDE-CODE.md", "token", server.Address, server.Data);
    }

    [Fact]
    public async Task A_journal_is_exported_and_restored()
    {
        string data;
        await using (var server = await ServerUnderTest.StartAsync())
        {
            await server.DeclareAsync();
            data = Directory.CreateTempSubdirectory("journal ").FullName;
            await server.Server.DisposeAsync();
            foreach (var file in Directory.GetFiles(server.Data)) File.Copy(file, Path.Combine(data, Path.GetFileName(file)));
        }

        await RunAsync("OPERATIONS.md", "journal", new Uri("http://127.0.0.1:1"), data);
    }

    private static async Task<string> RunAsync(string document, string block, Uri server, string data)
    {
        var text = await File.ReadAllTextAsync(SourceTree.Path("docs", document));
        var script = string.Join('\n', Blocks().Matches(text).Where(match => match.Groups["name"].Value == block).Select(match => match.Groups["text"].Value));
        Assert.NotEmpty(script);
        var folder = Directory.CreateTempSubdirectory("walk-").FullName;
        string Program(string name) => Path.Combine(AppContext.BaseDirectory, name);
        await File.WriteAllTextAsync(
            Path.Combine(folder, "walk.sh"),
            $$"""
            set -euo pipefail
            incident() { if [[ ${1-} == journal ]]; then dotnet '{{Program("incident-server.dll")}}' "$@"; else dotnet '{{Program("incident.dll")}}' "$@"; fi; }
            {{script}}
            """);
        var start = new ProcessStartInfo("bash", ["walk.sh"]) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        (start.Environment["INCIDENT_SERVER"], start.Environment["INCIDENT_AGENT"], start.Environment["DATA"]) =
            (server.ToString().TrimEnd('/'), "@operator", data);
        start.Environment["INCIDENT_HOOK_SECONDS"] = $"{Eventually.LongestDeadline.TotalSeconds}";
        using var process = Process.Start(start)!;
        var (said, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        using var late = new CancellationTokenSource(TimeSpan.FromMinutes(10));
        await process.WaitForExitAsync(late.Token);
        Assert.True(process.ExitCode == 0, $"{document} ended with {process.ExitCode}:\n{await said}\n{await errors}");
        return folder;
    }

    [GeneratedRegex(@"^```bash (?<name>[\w-]+)\n(?<text>.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Blocks();
}
