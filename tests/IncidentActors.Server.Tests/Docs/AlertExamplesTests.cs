using System.Diagnostics;
using System.Text.RegularExpressions;
using IncidentActors.Core.Routes;
using IncidentActors.Server.Tests.Http;
using IncidentActors.Server.Tests.Tokens;

namespace IncidentActors.Server.Tests.Docs;

/// <summary>The examples of docs/ALERTS.md, run as they stand there.</summary>
public sealed partial class AlertExamplesTests
{
    private static readonly string Document = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "ALERTS.md"));

    [Theory]
    [InlineData("alertmanager", "Disk of db-1 is 91 % full")]
    [InlineData("pagerduty", "CPU of shop-1")]
    public async Task A_senders_example_declares(string block, string title)
    {
        await using var guarded = await GuardedServer.StartAsync();
        var token = (await guarded.TokenAsync(new { handle = "@" + block })).Text("secret");
        await RunAsync(
            Block("bash", block), ("INCIDENT_SERVER", guarded.Server.Address.ToString().TrimEnd('/')), ("ALERTMANAGER_TOKEN", token), ("PAGERDUTY_KEY", token));
        var incident = Assert.Single((await guarded.GetAsync("/api/incidents", guarded.Root)).Items());
        Assert.Equal((title, "SEV-3"), (incident.Text("title"), incident.Text("severity")));
    }

    [Fact]
    public async Task The_first_weeks_file_is_made_and_checked()
    {
        var client = Path.Combine(AppContext.BaseDirectory, "incident.dll");
        var folder = await RunAsync($"incident() {{ dotnet '{client}' \"$@\"; }}\n{Block("bash", "shadow")}");
        var routes = RoutesYaml.Parse(await File.ReadAllTextAsync(Path.Combine(folder, "routes.yaml")), "routes.yaml");
        Assert.All(routes.Conditions, condition => Assert.Equal(Core.Halts.HaltMode.Shadow, condition.Mode));
    }

    [Fact]
    public void The_example_of_routes_is_read() => Assert.Equal(5, RoutesYaml.Parse(Block("yaml", "routes"), "ALERTS.md").Rules.Length);

    private static string Block(string language, string name) =>
        Blocks().Matches(Document).Single(block => block.Groups["language"].Value == language && block.Groups["name"].Value == name).Groups["text"].Value;

    private static async Task<string> RunAsync(string script, params (string Name, string Value)[] environment)
    {
        var folder = Directory.CreateTempSubdirectory("alert-example-").FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "example.sh"), $"set -euo pipefail\n{script}");
        var start = new ProcessStartInfo("bash", ["example.sh"]) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment) start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        using var late = new CancellationTokenSource(TimeSpan.FromMinutes(5));
        await process.WaitForExitAsync(late.Token);
        Assert.True(process.ExitCode == 0, $"ended with {process.ExitCode}:\n{await output}\n{await errors}");
        return folder;
    }

    [GeneratedRegex(@"^```(?<language>\w+) (?<name>[\w-]+)\n(?<text>.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Blocks();
}
