using System.Diagnostics;
using System.Text.Json;
using IncidentActors.Server.Tests.Http;

namespace IncidentActors.Server.Tests.Runbooks;

/// <summary>Seed 003's rollbacks as they ship.</summary>
public sealed class ShippedRunbookTests : IAsyncLifetime
{
    private readonly string folder = Directory.CreateTempSubdirectory("rollback-").FullName;
    private ServerUnderTest server = null!;

    public async Task InitializeAsync() => server = await ServerUnderTest.StartAsync();

    public async Task DisposeAsync()
    {
        await server.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task A_code_rollback_reverts_the_last_commit_with_its_message_and_pushes_it()
    {
        var (origin, work) = (Path.Combine(folder, "origin.git"), Path.Combine(folder, "work"));
        Git(folder, "init", "--bare", "--initial-branch=main", origin);
        Git(folder, "clone", origin, work);
        foreach (var (name, value) in new[] { ("user.name", "t"), ("user.email", "t@example"), ("commit.gpgsign", "false") }) Git(work, "config", name, value);
        foreach (var line in new[] { "good", "bad" })
        {
            await File.WriteAllTextAsync(Path.Combine(work, "shop.txt"), line);
            Git(work, "add", "shop.txt");
            Git(work, "commit", "-m", line);
        }

        Git(work, "push", "origin", "HEAD:main");
        var values = new { repository = work, severity = "SEV-1", description = "checkout is down" };
        Assert.Contains("[ROLLBACK] SEV-1: checkout is down", (await RunAsync("code-rollback", values, dryRun: true)).Text("output"), StringComparison.Ordinal);
        Assert.Equal("bad", Git(origin, "log", "-1", "--format=%s", "main"));

        var run = await RunAsync("code-rollback", values, dryRun: false);
        Assert.True(run.Text("status") == "succeeded", run.Text("output"));
        Assert.Equal("[ROLLBACK] SEV-1: checkout is down", Git(origin, "log", "-1", "--format=%s", "main"));
        Assert.Equal("good", Git(origin, "show", "main:shop.txt"));
    }

    [Fact]
    public async Task A_deployment_rollback_is_the_deploy_workflow_with_the_rollback_flag() => Assert.Contains(
        "deploy shop --rollback", (await RunAsync("deployment-rollback", new { client = "shop" }, dryRun: true)).Text("output"), StringComparison.Ordinal);

    private async Task<JsonElement> RunAsync(string runbook, object values, bool dryRun)
    {
        var incident = (await server.DeclareAsync("SEV-2", $"Down, {runbook} {dryRun}", agent: "@dev")).Text("id");
        var path = $"/api/incidents/{incident}/runs";
        var run = (await server.PostAsync(path, "@dev", new { runbook, values, dryRun })).IsOk().Json.List("runs")[0].Text("id");
        if (!dryRun) (await server.PostAsync($"{path}/{run}/decision", "@pm", new { decision = "approve" })).IsOk();
        (await server.PostAsync($"{path}/{run}/start", "@dev", new { })).IsOk();
        await server.Server.Engine.Runbooks.SettledAsync();
        return (await server.GetAsync($"/api/incidents/{incident}")).Json.List("runs")[0];
    }

    private static string Git(string where, params string[] arguments)
    {
        var start = new ProcessStartInfo("git", ["-C", where, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var git = Process.Start(start)!;
        var (output, error) = (git.StandardOutput.ReadToEnd(), git.StandardError.ReadToEnd());
        git.WaitForExit();
        return git.ExitCode == 0 ? output.Trim() : throw new InvalidOperationException(error);
    }
}
