using System.Security.Cryptography;
using System.Text.Json;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Halts;
using IncidentActors.Core.Incidents;
using IncidentActors.Engine;
using IncidentActors.Engine.Archives;
using IncidentActors.Engine.Journals;
using IncidentActors.Engine.Maintenance;
using IncidentActors.Engine.Seals;
using IncidentActors.Storage.Postgres;
using IncidentActors.Storage.Sqlite;
using IncidentActors.Testing.Stores;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace IncidentActors.Storage.Tests.Archives;

/// <summary>A closed incident leaves the journal for a file, and comes back exactly as it was.</summary>
public abstract class ArchiveSuite : IAsyncLifetime
{
    private readonly ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private EngineOptions options = null!;
    private IStore journal = null!;
    private string incident = "";

    protected abstract IStore Connect();

    protected IStore Store => journal;

    private IncidentArchive Archive => new(journal, TimeProvider.System);

    public virtual async Task InitializeAsync()
    {
        options = new EngineOptions { Node = "one", SealInterval = null, SealKey = key.ExportPkcs8PrivateKeyPem() };
        journal = Connect();
        await journal.OpenAsync(default);
        incident = await ClosedIncident.FillAsync(journal, options);
        await SealAllAsync();
    }

    public virtual async Task DisposeAsync()
    {
        await journal.DisposeAsync();
        key.Dispose();
    }

    [SuiteFact]
    public async Task It_goes_to_a_file_and_comes_back_as_it_was()
    {
        await using var actors = new InProcessActors(journal, options, NullLogger.Instance);
        Assert.IsType<Accepted>(await NoteAsync(actors));
        await SealAllAsync();
        var (lines, events) = (await LinesAsync(), await EventsAsync());

        var bundle = await MovedAsync();
        await SealAllAsync();
        await WholeAsync();
        Assert.True(Size(await LinesAsync()) < 0.7 * Size(lines), $"{Size(await LinesAsync())} of {Size(lines)} bytes are left");
        Assert.NotEmpty(await Archive.FindAsync(incident, default) is { } archived ? archived.File : "");

        // The actor has the closed incident in its memory.
        var refused = Assert.IsType<Rejected>(await NoteAsync(actors));
        Assert.Equal(Rules.IncidentArchived, refused.Rule);
        Assert.Contains("INC.json", refused.Sentence, StringComparison.Ordinal);
        Assert.NotEqual(0, await Archive.VerifyAsync(bundle, default));
        await Assert.ThrowsAsync<InvalidOperationException>(() => Archive.MakeAsync(incident, default));

        Assert.True(await Archive.RestoreAsync(bundle, default));
        Assert.False(await Archive.RestoreAsync(bundle, default));
        await SealAllAsync();
        await WholeAsync();
        var restored = await EventsAsync();
        Assert.Equal(events.Select(Text), restored.Take(events.Count).Select(Text));
        Assert.Equal(lines.OfType<MessageLine>().OrderBy(line => line.Message.Id), (await LinesAsync()).OfType<MessageLine>().OrderBy(line => line.Message.Id));
        Assert.IsType<Accepted>(await NoteAsync(actors));

        // Again, with the first archive in its history.
        await SealAllAsync();
        await MovedAsync();
        await SealAllAsync();
        await WholeAsync();
    }

    [SuiteFact]
    public async Task A_file_that_was_changed_is_neither_taken_nor_put_back()
    {
        var bundle = await MovedAsync();
        await SealAllAsync();
        var text = JsonSerializer.Serialize(bundle, SealJson.Default.ProofBundle);
        foreach (var (from, to) in ((string, string)[])[("\"by\":\"@pm\"", "\"by\":\"@qa\""), ("on it", "on at"), ("\"late\":false", "\"late\":true")])
        {
            var changed = Bundle(text.Replace(from, to, StringComparison.Ordinal));
            await Assert.ThrowsAsync<InvalidDataException>(() => Archive.VerifyAsync(changed, default));
            await Assert.ThrowsAsync<InvalidDataException>(() => Archive.RestoreAsync(changed, default));
        }

        var first = bundle.Seals[0];
        var shorter = bundle with { Seals = [first with { Events = [.. first.Events!.Skip(1)] }, .. bundle.Seals.Skip(1)] };
        await Assert.ThrowsAsync<InvalidDataException>(() => Archive.RestoreAsync(shorter, default));
        var withheld = bundle with { Seals = [first with { Events = [.. first.Events!.Select(one => one with { Payload = null })] }, .. bundle.Seals.Skip(1)] };
        await Assert.ThrowsAsync<InvalidDataException>(() => Archive.RestoreAsync(withheld, default));
        await WholeAsync();
    }

    [SuiteFact]
    public async Task Nothing_is_removed_for_a_file_that_is_not_whole_or_not_signed()
    {
        var bundle = await Archive.MakeAsync(incident, default);
        await Assert.ThrowsAsync<InvalidOperationException>(() => Archive.RemoveAsync(bundle, "INC.json", null, default));
        var last = bundle.Seals[^1];
        var shorter = bundle with { Seals = [.. bundle.Seals.SkipLast(1), last with { Events = last.Events?.SkipLast(1).ToList() ?? [] }] };
        await Assert.ThrowsAsync<InvalidDataException>(() => Archive.RemoveAsync(shorter, "INC.json", key, default));
        var older = bundle;
        await using var actors = new InProcessActors(journal, options, NullLogger.Instance);
        Assert.IsType<Accepted>(await NoteAsync(actors));
        await Assert.ThrowsAsync<InvalidDataException>(() => Archive.RemoveAsync(older, "INC.json", key, default));
        Assert.Null(await Archive.FindAsync(incident, default));
        await WholeAsync();
    }

    [SuiteFact]
    public async Task What_still_owes_something_stays_and_says_what()
    {
        await using var actors = new InProcessActors(journal, options, NullLogger.Instance);
        await actors.Turns.RefreshHaltsAsync(default);
        var declared = await actors.Declarations.DeclareAsync(new DeclareIncident("checkout fails", Severity.Sev1), ClosedIncident.By("@qa"));
        var open = Assert.IsType<Accepted>(declared).Answer.GetProperty("id").GetString()!;
        await SealAllAsync();
        var refused = (await Assert.ThrowsAsync<InvalidOperationException>(() => Archive.MakeAsync(open, default))).Message;
        Assert.Contains($"{open} is declared; close it", refused, StringComparison.Ordinal);
        Assert.Contains("finish it: 'incident next AT-", refused, StringComparison.Ordinal);
        Assert.Contains("is active; lift it: 'incident lift HLT-", refused, StringComparison.Ordinal);
        Assert.Contains("is not acknowledged; acknowledge it: 'incident ack msg-", refused, StringComparison.Ordinal);
        Assert.Contains(
            "There is no incident INC-NONE", (await Assert.ThrowsAsync<InvalidOperationException>(() => Archive.MakeAsync("INC-NONE", default))).Message,
            StringComparison.Ordinal);
        Assert.DoesNotContain(open, await Archive.EndedBeforeAsync(DateTimeOffset.MaxValue, default));
        Assert.Contains(incident, await Archive.EndedBeforeAsync(DateTimeOffset.MaxValue, default));
    }

    /// <summary>The archive of one incident holds only digests of another one's events.</summary>
    [SuiteFact]
    public async Task A_second_incident_is_archived_beside_the_first_and_a_halt_of_both_needs_them_back()
    {
        var halt = ActorId.Halt((await journal.HaltsAsync(DateTimeOffset.UnixEpoch, default)).First(one => one.Incident == incident).Id);
        var other = (await journal.ListAsync(new ActorFilter(ActorKind.Incident) { Limit = 10 }, default)).Actors
            .Single(actor => actor.Actor.Key != incident).Actor.Key;
        await ClosedIncident.CloseAsync(journal, options, other);
        await SealAllAsync();
        var first = await MovedAsync();
        await SealAllAsync();
        incident = other;
        var second = await MovedAsync();
        await SealAllAsync();
        await WholeAsync();
        Assert.Contains(second.Seals, seal => seal.Events?.Any(one => one.Digest is not null) == true);
        await Assert.ThrowsAsync<InvalidOperationException>(() => Proofs.MakeAsync(journal, halt, default));
        Assert.True(await Archive.RestoreAsync(second, default));
        Assert.True(await Archive.RestoreAsync(first, default));
        await SealAllAsync();
        await WholeAsync();
        await Proofs.MakeAsync(journal, halt, default);
    }

    [SuiteFact]
    public async Task An_archived_journal_is_exported_imported_and_rebuilt()
    {
        var bundle = await MovedAsync();
        await using var copy = new InMemoryStore();
        await copy.WriteAllAsync(journal.ReadAllAsync(default), default);
        Assert.Empty((await JournalVerification.RunAsync(copy.ReadAllAsync(default), default)).Problems);
        await using var rebuilt = new InMemoryStore();
        await rebuilt.WriteAllAsync(JournalRebuild.RunAsync(() => journal.ReadAllAsync(default), default), default);
        Assert.Equal(
            (await LinesAsync()).OfType<ActorLine>().Select(line => (line.Actor, line.Version)),
            (await rebuilt.ReadAllAsync(default).ToListAsync()).OfType<ActorLine>().Select(line => (line.Actor, line.Version)));

        // Another chain: its seals know nothing of the file.
        await using var sealer = new Sealer(copy, options, NullLogger.Instance);
        await sealer.SealAsync(default);
        Assert.Empty((await SealVerification.RunAsync(copy, [], default)).Problems);
        await Assert.ThrowsAsync<InvalidDataException>(() => new IncidentArchive(copy, TimeProvider.System).RestoreAsync(bundle, default));
    }

    /// <summary>Killed around the commit that removes: the journal is whole before it, archived after it, and the command goes on from there.</summary>
    [SuiteFact]
    public async Task A_command_that_ends_at_the_commit_is_repeated()
    {
        var bundle = await Archive.MakeAsync(incident, default);
        await Assert.ThrowsAsync<IOException>(() => new IncidentArchive(new EndingStore(journal, after: false), TimeProvider.System)
            .RemoveAsync(bundle, "INC.json", key, default));
        Assert.Null(await Archive.FindAsync(incident, default));
        await WholeAsync();
        await Assert.ThrowsAsync<IOException>(() => new IncidentArchive(new EndingStore(journal, after: true), TimeProvider.System)
            .RemoveAsync(bundle, "INC.json", key, default));
        Assert.NotNull(await Archive.FindAsync(incident, default));
        await WholeAsync();
        await Assert.ThrowsAsync<IOException>(
            () => new IncidentArchive(new EndingStore(journal, after: true), TimeProvider.System).RestoreAsync(bundle, default));
        Assert.False(await Archive.RestoreAsync(bundle, default));
        await WholeAsync();
    }

    private Task<Outcome> NoteAsync(InProcessActors actors) =>
        actors.Incident(incident).DoAsync(new NoteIncident("for the record"), ClosedIncident.By("@operator"));

    /// <returns>What the file holds.</returns>
    protected async Task<ProofBundle> MovedAsync()
    {
        var written = JsonSerializer.Serialize(await Archive.MakeAsync(incident, default), SealJson.Default.ProofBundle);
        await Archive.RemoveAsync(Bundle(written), "INC.json", key, default);
        return Bundle(written);
    }

    private static ProofBundle Bundle(string text) => JsonSerializer.Deserialize(text, SealJson.Default.ProofBundle)!;

    private async Task<List<JournalLine>> LinesAsync() => await journal.ReadAllAsync(default).ToListAsync();

    private async Task<List<StoredEvent>> EventsAsync() => await SealChain.FeedAsync(journal, null, default).ToListAsync();

    private static string Text(StoredEvent one) => JsonSerializer.Serialize(ProvenEvent(one));

    private static object ProvenEvent(StoredEvent one) => new
    {
        one.Cursor, Actor = one.Actor.ToString(), one.Version, one.Name, one.At, one.By, Payload = Convert.ToHexString(one.Payload.Span), one.Incident,
        one.Cause, one.Token, one.Trace,
    };

    private static long Size(IEnumerable<JournalLine> lines) => lines.Sum(line => line switch
    {
        EventLine one => one.Payload.Length + 100,
        MessageLine message => message.Message.Body.Length + 200,
        _ => 0,
    });

    protected async Task WholeAsync()
    {
        var report = await JournalReport.MakeAsync(journal, [], default);
        Assert.True(report.Whole, string.Join('\n', report.Lines));
    }

    private async Task SealAllAsync()
    {
        await using var sealer = new Sealer(journal, options, NullLogger.Instance);
        await Eventually.TrueAsync(
            async () =>
            {
                await sealer.SealAsync(default);
                var events = await journal.ReadAllAsync(default).CountAsync(static line => line is EventLine);
                var verified = await SealVerification.RunAsync(journal, [], default);
                return verified.Events == events + verified.Archived;
            },
            "everything is sealed");
    }

    /// <summary>The process ends before or after a commit.</summary>
    private sealed class EndingStore(IStore inner, bool after) : DelegatingStore(inner)
    {
        public override async Task<IReadOnlyList<CommitResult>> CommitAsync(IReadOnlyList<TurnRecord> turns, CancellationToken cancel)
        {
            if (after) await Inner.CommitAsync(turns, cancel);
            throw new IOException("the process was killed");
        }
    }
}

public sealed class InMemoryArchiveTests : ArchiveSuite
{
    protected override IStore Connect() => new InMemoryStore();
}

public sealed class SqliteArchiveTests : ArchiveSuite
{
    private readonly string folder = Directory.CreateTempSubdirectory("archived-").FullName;

    protected override IStore Connect() => new SqliteStore(Path.Combine(folder, "journal.db"));

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }
}

[NeedsPostgres]
public sealed class PostgresArchiveTests : ArchiveSuite
{
    private string database = "";

    public override async Task InitializeAsync()
    {
        database = await PostgresServer.Shared.CreateDatabaseAsync();
        await base.InitializeAsync();
    }

    protected override IStore Connect() => new PostgresStore(database);

    [SuiteFact]
    public async Task It_is_whole_while_an_older_transaction_hides_its_events_from_the_feed()
    {
        await using var older = new NpgsqlConnection(database);
        await older.OpenAsync();
        await using var open = await older.BeginTransactionAsync();
        await using var first = new NpgsqlCommand("select pg_current_xact_id()", older, open);
        await first.ExecuteScalarAsync();
        var bundle = await MovedAsync();
        var feed = await Store.FeedAsync(null, int.MaxValue, null, default);
        Assert.DoesNotContain(feed.Events, one => one.Name == "actor.archived.v1");
        await WholeAsync();
        Assert.True(await new IncidentArchive(Store, TimeProvider.System).RestoreAsync(bundle, default));
        await WholeAsync();
    }
}
