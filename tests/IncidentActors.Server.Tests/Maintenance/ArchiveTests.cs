using System.Diagnostics;
using System.Net;
using System.Security.Cryptography;
using IncidentActors.Engine;
using IncidentActors.Engine.Archives;
using IncidentActors.Server.Hosting;
using IncidentActors.Server.Maintenance;
using IncidentActors.Server.Tests.Http;
using IncidentActors.Server.Tests.Seals;
using IncidentActors.Testing;

namespace IncidentActors.Server.Tests.Maintenance;

/// <summary><c>incident journal archive</c> on a journal that a server has sealed, and what the server then answers.</summary>
[Slow]
public sealed class ArchiveTests : IAsyncLifetime
{
    private readonly string folder = Directory.CreateTempSubdirectory("archive-").FullName;
    private string incident = "";

    private ServerOptions Options => new() { Port = 0, Data = Data, Quiet = true, SealKey = Key, Silo = new() { SiloPort = Ports.Free() } };
    private string Data => Path.Combine(folder, "data");
    private string Key => Path.Combine(folder, "seal.pem");
    private string Archive => Path.Combine(folder, "closed.json");

    public async Task InitializeAsync()
    {
        using (var key = ECDsa.Create(ECCurve.NamedCurves.nistP256)) await File.WriteAllTextAsync(Key, key.ExportPkcs8PrivateKeyPem());
        await using (var journal = await Journals.OpenAsync(Options, default))
            incident = await ClosedIncident.FillAsync(journal, new EngineOptions { SealInterval = null });
        await SealAsync();
    }

    public Task DisposeAsync()
    {
        Directory.Delete(folder, recursive: true);
        return Task.CompletedTask;
    }

    [Fact]
    public async Task A_link_says_when_and_where_the_incident_was_archived_until_it_is_restored()
    {
        await Assert.ThrowsAsync<StartFailure>(() => JournalAsync("archive", incident, "--to", Archive));
        Assert.Equal(0, await JournalAsync("archive", incident, "--to", Archive, "--seal-key", Key));
        Assert.Equal(0, await JournalAsync("archive", incident, "--to", Archive, "--seal-key", Key));
        await SealAsync();
        Assert.Equal(0, await JournalAsync("verify"));
        Assert.Equal(0, await JournalAsync("verify", "--archive", Archive));
        Assert.Contains("approved by @pm, for content", await ProofVerifier.RunAsync(Archive, 0), StringComparison.Ordinal);
        await using (var server = await RunningServer.StartAsync(Options))
        using (var client = new HttpClient { BaseAddress = new Uri(server.Address) })
        {
            var shown = await client.GetStringAsync(new Uri($"/api/incidents/{incident}", UriKind.Relative));
            Assert.Contains("\"file\":\"closed.json\"", shown, StringComparison.Ordinal);
            foreach (var path in (string[])["", "/replay", "/postmortem"]) await ArchivedAsync(client, $"/incidents/{incident}{path}");
            await ArchivedAsync(client, $"/api/incidents/{incident}/report");
            Assert.Contains(incident, await client.GetStringAsync(new Uri("/api/incidents", UriKind.Relative)), StringComparison.Ordinal);
            (await client.GetAsync(new Uri("/api/metrics", UriKind.Relative))).EnsureSuccessStatusCode();
            using var note = new HttpRequestMessage(HttpMethod.Post, $"/api/incidents/{incident}/note") { Content = new StringContent("{\"text\":\"late\"}") };
            note.Content.Headers.ContentType = new("application/json");
            note.Headers.Add("X-Agent", "@operator");
            using var refused = await client.SendAsync(note);
            Assert.Equal(HttpStatusCode.Conflict, refused.StatusCode);
            Assert.Contains("incident.archived", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        Assert.Equal(0, await JournalAsync("restore", Archive));
        Assert.Equal(0, await JournalAsync("restore", Archive));
        await SealAsync();
        Assert.Equal(0, await JournalAsync("verify"));
        await using (var server = await RunningServer.StartAsync(Options))
        using (var client = new HttpClient { BaseAddress = new Uri(server.Address) })
            Assert.Contains("checkout is down", await client.GetStringAsync(new Uri($"/incidents/{incident}", UriKind.Relative)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_incident_that_ended_before_a_date_goes_to_a_folder()
    {
        Assert.Equal(0, await JournalAsync("archive", "--closed-before", "2100-01-01", "--to", Path.Combine(folder, "all"), "--seal-key", Key));
        Assert.Equal([$"{incident}.json"], Directory.GetFiles(Path.Combine(folder, "all")).Select(Path.GetFileName));
        await Assert.ThrowsAsync<StartFailure>(() => JournalAsync("archive", "--to", Archive));
        await File.WriteAllTextAsync(Archive, "{}");
        await Assert.ThrowsAsync<StartFailure>(() => JournalAsync("restore", Archive));
        Assert.Equal(1, await JournalAsync("verify", "--archive", Archive));
    }

    /// <summary>Each process is killed when its file is there, so before, in or after the commit; the last one ends by itself.</summary>
    [Fact]
    public async Task A_killed_command_leaves_a_whole_journal_and_is_repeated()
    {
        for (var round = 0; round < 4; round++)
        {
            File.Delete(Archive);
            using var process = Process.Start(new ProcessStartInfo(
                "dotnet",
                [
                    Path.Combine(AppContext.BaseDirectory, "incident-server.dll"), "journal", "archive", incident, "--to", Archive, "--seal-key", Key,
                    "--data", Data,
                ])
            {
                RedirectStandardOutput = true,
            })!;
            var there = round % 2 == 0 ? Archive : Archive + ".partial";
            await Eventually.TrueAsync(() => File.Exists(there) || File.Exists(Archive) || process.HasExited, "the file is being written");
            process.Kill();
            await process.WaitForExitAsync();
            Assert.Equal(0, await JournalAsync("verify"));
        }

        Assert.Equal(0, await JournalAsync("archive", incident, "--to", Archive, "--seal-key", Key));
        await using var journal = await Journals.OpenAsync(Options, default);
        Assert.NotNull(await new IncidentArchive(journal, TimeProvider.System).FindAsync(incident, default));
    }

    private async Task ArchivedAsync(HttpClient client, string path)
    {
        using var answer = await client.GetAsync(new Uri(path, UriKind.Relative));
        Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.Contains($"{incident} was archived at", text, StringComparison.Ordinal);
        Assert.Contains("closed.json", text, StringComparison.Ordinal);
    }

    private async Task SealAsync()
    {
        await using var server = await RunningServer.StartAsync(Options);
    }

    private Task<int> JournalAsync(string verb, params string[] arguments) => JournalCommand.RunAsync([verb, .. arguments, "--data", Data], default);
}
