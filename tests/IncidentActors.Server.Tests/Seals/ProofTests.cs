using System.Security.Cryptography;
using System.Text.Json.Nodes;
using IncidentActors.Engine;
using IncidentActors.Engine.Seals;
using IncidentActors.Server.Hosting;
using IncidentActors.Server.Maintenance;
using IncidentActors.Testing;
using Microsoft.Data.Sqlite;

namespace IncidentActors.Server.Tests.Seals;

/// <summary>A stranger computes a history again by a program that shares nothing with the product.</summary>
[Slow]
public sealed class ProofTests : IAsyncLifetime
{
    private readonly string folder = Directory.CreateTempSubdirectory("proof-").FullName;
    private readonly string fingerprint;
    private string incident = "";

    public ProofTests()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        File.WriteAllText(Key, key.ExportPkcs8PrivateKeyPem());
        fingerprint = SealKey.Fingerprint(Convert.ToBase64String(key.ExportSubjectPublicKeyInfo()));
    }

    private string Key => Path.Combine(folder, "seal.pem");
    private string Data => Path.Combine(folder, "data");
    private string SealLog => Path.Combine(folder, "seals.jsonl");
    private string Bundle => Path.Combine(folder, "bundle.json");

    /// <summary>A worked journal, that a server has sealed before it ended.</summary>
    public async Task InitializeAsync()
    {
        var options = new ServerOptions { Port = 0, Data = Data, Quiet = true, SealKey = Key, SealLog = SealLog, Silo = new() { SiloPort = Ports.Free() } };
        await using (var journal = await Journals.OpenAsync(options, default))
            incident = await WorkedJournal.FillAsync(journal, new EngineOptions { SealInterval = null });
        await using (await RunningServer.StartAsync(options))
        {
        }

        Assert.Equal(0, await JournalAsync("verify", "--seal-log", SealLog));
    }

    public Task DisposeAsync()
    {
        Directory.Delete(folder, recursive: true);
        return Task.CompletedTask;
    }

    [Fact]
    public async Task What_was_committed_under_a_halt_is_proven()
    {
        Assert.Equal(0, await JournalAsync("prove", Bundle, "--halt", WorkedJournal.Halt));
        var output = await VerifiedAsync("--key", fingerprint);
        Assert.Contains($"signed by {fingerprint}", output, StringComparison.Ordinal);
        Assert.Contains("0 covered", output, StringComparison.Ordinal);
        Assert.DoesNotContain(" 0 events under it", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_incidents_history_is_proven_with_what_was_approved()
    {
        Assert.Equal(0, await JournalAsync("prove", Bundle, "--incident", incident));
        var output = await VerifiedAsync("--key", fingerprint);
        Assert.Matches("approved by @pm, for content [0-9a-f]{64} of AT-EMRG-01", output);
    }

    [Fact]
    public async Task A_forged_bundle_is_refused()
    {
        Assert.Equal(0, await JournalAsync("prove", Bundle, "--incident", incident));
        var text = await File.ReadAllTextAsync(Bundle);
        await RefusedAsync(text.Replace("\"by\":\"@pm\"", "\"by\":\"@qa\"", StringComparison.Ordinal), "were changed");
        await RefusedAsync(text.Replace("on it", "on at", StringComparison.Ordinal), "was changed");
        await RefusedAsync(Changed(text, events => events.RemoveAt(2)), "were changed");
        await RefusedAsync(Changed(text, events =>
        {
            var first = events[1]!.DeepClone();
            events.RemoveAt(1);
            events.Insert(2, first);
        }), "were changed");
        await RefusedAsync(Changed(text, events => events[1]!.AsObject().Remove("payload")), "is withheld");
        await RefusedAsync(text.Replace("\"late\":false", "\"late\":true", StringComparison.Ordinal), "was changed");

        // Who makes the whole chain again has another key.
        await File.WriteAllTextAsync(Bundle, text);
        Assert.Contains("another key", await RunAsync(1, "--key", new string('0', 64)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Work_that_was_committed_under_a_halt_is_seen_although_every_hash_is_right()
    {
        Execute("delete from records where kind in ('seal', 'seal-head')");
        Execute("update events set by = '@dev' where actor = (select no from actors where key = 'AT-2')");
        await using (var journal = await Journals.OpenAsync(new ServerOptions { Data = Data }, default))
        await using (var sealer = new Sealer(journal, new EngineOptions { SealInterval = null }, Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance))
            Assert.NotEqual(0, await sealer.SealAsync(default));
        Assert.Equal(0, await JournalAsync("prove", Bundle, "--halt", WorkedJournal.Halt));
        Assert.Contains("by @dev was committed under the halt", await RunAsync(1), StringComparison.Ordinal);
    }

    /// <summary>Nobody without the key makes a chain that the file of seals agrees with.</summary>
    [Fact]
    public async Task A_history_that_was_sealed_anew_is_found_by_the_file_of_seals()
    {
        Execute("delete from records where kind in ('seal', 'seal-head')");
        Assert.Equal(0, await JournalAsync("verify"));
        Assert.Equal(1, await JournalAsync("verify", "--seal-log", SealLog));
    }

    [Fact]
    public async Task What_is_not_sealed_or_not_there_is_not_proven()
    {
        Execute("delete from records where kind in ('seal', 'seal-head')");
        await Assert.ThrowsAsync<StartFailure>(() => JournalAsync("prove", Bundle, "--halt", WorkedJournal.Halt));
        await Assert.ThrowsAsync<StartFailure>(() => JournalAsync("prove", Bundle, "--halt", "HLT-NONE"));
        await Assert.ThrowsAsync<StartFailure>(() => JournalAsync("prove", Bundle));
    }

    [Fact]
    public async Task A_key_of_another_kind_is_refused_at_the_start()
    {
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        await File.WriteAllTextAsync(Key, other.ExportPkcs8PrivateKeyPem());
        var failure = await Assert.ThrowsAsync<StartFailure>(() => RunningServer.StartAsync(new ServerOptions { Port = 0, Data = Data, SealKey = Key }));
        Assert.Equal(ExitCode.Files, failure.Code);
    }

    private static string Changed(string bundle, Action<JsonArray> change)
    {
        var json = JsonNode.Parse(bundle)!;
        change(json["seals"]![0]!["events"]!.AsArray());
        return json.ToJsonString();
    }

    private async Task RefusedAsync(string bundle, string why)
    {
        Assert.NotEqual(await File.ReadAllTextAsync(Bundle), bundle);
        await File.WriteAllTextAsync(Bundle, bundle);
        Assert.Contains(why, await RunAsync(1, "--key", fingerprint), StringComparison.Ordinal);
    }

    private Task<string> VerifiedAsync(params string[] arguments) => RunAsync(0, arguments);

    private Task<string> RunAsync(int code, params string[] arguments) => ProofVerifier.RunAsync(Bundle, code, arguments);

    private Task<int> JournalAsync(string verb, params string[] arguments) => JournalCommand.RunAsync([verb, .. arguments, "--data", Data], default);

    private void Execute(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={Path.Combine(Data, "journal.db")};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
