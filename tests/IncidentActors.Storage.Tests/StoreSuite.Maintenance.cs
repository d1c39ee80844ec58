using System.Text;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Halts;
using IncidentActors.Engine.Journals;
using IncidentActors.Testing.Stores;

namespace IncidentActors.Storage.Tests;

public abstract partial class StoreSuite
{
    private IStoreMaintenance Maintained => Journal;

    private static async Task<string> ExportAsync(IStore journal)
    {
        using var text = new MemoryStream();
        await JournalLines.WriteAsync(journal.ReadAllAsync(None), text, None);
        return Encoding.UTF8.GetString(text.ToArray());
    }

    private static IAsyncEnumerable<JournalLine> Lines(string text) =>
        JournalLines.ReadAsync(new MemoryStream(Encoding.UTF8.GetBytes(text)), None);

    private static async Task FillAsync(IStore journal)
    {
        var strange = Given.Json("{ \"a\" : 1.0,\n \"b\":\"\\u0000 é 🚒\" }");
        var subject = new Subject("@dev", "blue");
        await journal.CommitAsync(
            [
                Given.Turn(Given.Atp(2), 0, 2, new DocumentIndex("DONE", Open: false, 3, "INC-1", "@dev", "bugfix")) with
                {
                    At = Given.Noon.AddTicks(7), Answer = Answer("k2"), Token = "tok", Trace = "00-abc",
                    Claims = [new ClaimRecord("name", Given.Atp(2))],
                    Messages = [Given.Message("m2", "@dev"), Given.Message("m1", "@dev") with { Body = "a\nb\0" }],
                },
                Given.Turn() with
                {
                    Appends = [Given.Append(Given.Atp(1), 0) with { Document = strange, Events = [new EventRecord("odd.v1", strange)] }],
                    Answer = Answer("k1") with { Json = Given.Json("""{"$text":"no wrapper"}""") },
                    Effects = [Given.Effect("z"), Given.Effect("clock", Given.Noon.AddHours(1), clock: true) with { Subject = subject }],
                },
                Given.Turn() with { Acks = [new MessageAck("m2", "@dev", Given.Noon.AddTicks(9), "seen")] },
                Given.Raising(Given.HaltOf(HaltScope.All) with { Lifts = [new PartialLift(Dev, Given.Noon)] }),
            ],
            None);
    }

    [SuiteFact]
    public async Task Every_store_exports_the_same_lines()
    {
        var memory = new InMemoryStore();
        await FillAsync(memory);
        await FillAsync(Journal);
        Assert.Equal(await ExportAsync(memory), await ExportAsync(Journal));
    }

    [SuiteFact]
    public async Task What_was_exported_is_imported_byte_for_byte_and_goes_on()
    {
        var memory = new InMemoryStore();
        await FillAsync(memory);
        var text = await ExportAsync(memory);
        await Maintained.WriteAllAsync(Lines(text), None);

        Assert.Equal(text, await ExportAsync(Journal));
        Assert.Equal([1L, 2L, 1L, 1L], (await WholeFeedAsync()).Select(one => one.Version));
        Assert.IsType<Fenced>(await CommitAsync(Covered(Given.Atp(1), 1, new Subject("@ops"))));
        Assert.IsType<KeyKnown>(await CommitAsync(Given.Turn() with { Answer = Answer("k1") }));
        Assert.Equal("z", (await TakeOneAsync()).Id);
        Assert.Equal("m1", Assert.Single(await Journal.InboxAsync("@dev", 10, None)).Message.Id);
        await MustCommitAsync(Given.Turn(Given.Atp(1), 1));
        await MustCommitAsync(Given.Turn(Given.Atp(7), 0));
        Assert.Equal("AT-0007 AT-0001 AT-0002", await ListedAsync(new ActorFilter(ActorKind.Atp)));
        Assert.Equal([1L, 2L, 1L, 1L, 2L, 1L], (await WholeFeedAsync()).Select(one => one.Version));
    }

    [SuiteFact]
    public async Task An_import_into_a_journal_that_has_something_or_of_something_else_changes_nothing()
    {
        const string Headless = """{"line":"claim","name":"a","holder":"atp/1"}""", Newer = """{"line":"journal","format":2}""";
        foreach (var text in new[] { "", "{}", "nonsense", Newer, Headless })
            await Assert.ThrowsAsync<InvalidOperationException>(() => Maintained.WriteAllAsync(Lines(text), None));
        await Assert.ThrowsAsync<InvalidOperationException>(() => Maintained.WriteAllAsync(
            Lines("""
                {"line":"journal","format":1}
                {"line":"actor","actor":"atp/1","version":1,"index":{"status":"WORK","open":true,"rank":0},"document":{}}
                broken
                """), None));
        Assert.Null(await Journal.LoadAsync(ActorId.Atp("1"), None));

        await MustCommitAsync(Given.Turn(Given.Atp(1), 0));
        var before = await ExportAsync(Journal);
        await Assert.ThrowsAsync<InvalidOperationException>(() => Maintained.WriteAllAsync(Lines(before), None));
        Assert.Equal(before, await ExportAsync(Journal));
    }
}
