using System.ComponentModel;
using System.Diagnostics;
using System.Net;
using System.Text.RegularExpressions;
using IncidentActors.Server.Tests.Http;
using IncidentActors.Server.Tests.Node;
using IncidentActors.Server.Tests.Tokens;
using IncidentActors.Testing;

namespace IncidentActors.Server.Tests.Docs;

/// <summary>The examples of docs/AGENTS.md, run as they stand there.</summary>
[Slow]
public sealed partial class AgentExamplesTests
{
    private static readonly string Document = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "AGENTS.md"));

    [Theory]
    [InlineData("bash", "bash", "agent.sh")]
    [InlineData("python", "python3", "agent.py")]
    [InlineData("csharp", "dotnet", "agent.cs")]
    public async Task An_example_works_a_directive(string language, string program, string file)
    {
        await using var server = await ServerUnderTest.StartAsync();
        await DirectAsync((path, body) => server.PostAsync(path, "@pm", body));
        await RunAsync(program, file, Block(language, "agent"), ("INCIDENT_SERVER", server.Address.ToString().TrimEnd('/')));
        Assert.Equal("Complete", (await server.GetAsync("/api/atps/AT-EMRG-01")).IsOk().Json.Text("status"));
    }

    [Theory]
    [InlineData("bash", "bash", "agent.sh")]
    [InlineData("python", "python3", "agent.py")]
    public async Task An_example_works_with_a_token(string language, string program, string file)
    {
        await using var guarded = await GuardedServer.StartAsync();
        var pm = (await guarded.TokenAsync(new { handle = "@pm" })).Text("secret");
        var dev = (await guarded.TokenAsync(new { handle = "@dev" })).Text("secret");
        await DirectAsync((path, body) => guarded.PostAsync(path, pm, body));
        await RunAsync(program, file, Block(language, "agent"), ("INCIDENT_SERVER", guarded.Server.Address.ToString().TrimEnd('/')), ("INCIDENT_TOKEN", dev));
        Assert.Equal("Complete", (await guarded.GetAsync("/api/atps/AT-EMRG-01", guarded.Root)).IsOk().Json.Text("status"));
    }

    [NodeTheory]
    [InlineData("mcp-stdio")]
    [InlineData("mcp-http")]
    public async Task A_client_connects_by_the_configuration(string block)
    {
        await using var server = await ServerUnderTest.StartAsync();
        var configuration = Block("json", block).Replace("http://127.0.0.1:7070", server.Address.ToString().TrimEnd('/'), StringComparison.Ordinal);
        var output = await NodePackages.RunAsync("mcp-config.mjs", configuration, Path.Combine(AppContext.BaseDirectory, "incident.dll"));
        Assert.Equal("16 tools, @dev\n", output);
    }

    [Fact]
    public async Task Tokens_are_made_as_it_is_written()
    {
        await using var server = await ServerUnderTest.StartAsync();
        const string Dashboard = "\"$(incident token list | grep '@dashboard' | cut -d ' ' -f 1)\"";
        var text = Block("bash", "tokens").Replace("revoke ID", $"revoke {Dashboard}", StringComparison.Ordinal);
        var client = Path.Combine(AppContext.BaseDirectory, "incident.dll");
        await RunAsync(
            "bash",
            "tokens.sh",
            $"set -euo pipefail\nincident() {{ dotnet '{client}' \"$@\"; }}\n{text}",
            ("INCIDENT_SERVER", server.Address.ToString().TrimEnd('/')));
        (await server.GetAsync("/api/incidents")).Is(HttpStatusCode.Unauthorized);
    }

    private static async Task DirectAsync(Func<string, object, Task<Reply>> post)
    {
        (await post("/api/tools/atp_set", new { atpId = "AT-EMRG-01", status = "InProgress", agent = "@pm", notes = "SEV-1: down" })).IsOk();
        (await post(
            "/api/tools/message_send",
            new
            {
                atpId = "AT-EMRG-01", fromAgent = "@pm", toAgent = "@dev", messageType = "EmergencyDirective", priority = "P0-Critical",
                subject = "Fix now", body = "Drop all other work",
            })).IsOk();
    }

    private static string Block(string language, string name) =>
        Blocks().Matches(Document).Single(block => block.Groups["language"].Value == language && block.Groups["name"].Value == name).Groups["text"].Value;

    private static async Task RunAsync(string program, string file, string text, params (string Name, string Value)[] environment)
    {
        var folder = Directory.CreateTempSubdirectory("agent-example-").FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, file), text);
        var start = new ProcessStartInfo(program, program == "dotnet" ? ["run", file] : [file])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment) start.Environment[name] = value;
        Process process;
        try
        {
            process = Process.Start(start)!;
        }
        catch (Win32Exception error)
        {
            throw new Xunit.Sdk.XunitException($"{program} is needed to run the example: {error.Message}");
        }

        using (process)
        {
            var output = process.StandardOutput.ReadToEndAsync();
            var errors = process.StandardError.ReadToEndAsync();
            using var late = new CancellationTokenSource(TimeSpan.FromMinutes(10));
            await process.WaitForExitAsync(late.Token);
            Assert.True(process.ExitCode == 0, $"{file} ended with {process.ExitCode}:\n{await output}\n{await errors}");
        }

        Directory.Delete(folder, recursive: true);
    }

    [GeneratedRegex(@"^```(?<language>\w+) (?<name>[\w-]+)\n(?<text>.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Blocks();
}
