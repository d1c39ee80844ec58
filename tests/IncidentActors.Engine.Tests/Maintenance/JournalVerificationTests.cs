using IncidentActors.Core.Atps;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Halts;
using IncidentActors.Core.Messages;
using IncidentActors.Engine.Journals;
using IncidentActors.Engine.Maintenance;
using IncidentActors.Testing.Stores;
using static IncidentActors.Engine.Tests.TestEngine;

namespace IncidentActors.Engine.Tests.Maintenance;

public sealed class JournalVerificationTests : IAsyncDisposable
{
    private readonly TestEngine engine = new();

    public ValueTask DisposeAsync() => engine.DisposeAsync();

    [Fact]
    public async Task A_journal_after_work_is_whole()
    {
        var verified = await VerifyAsync(await LinesAsync());
        Assert.Empty(verified.Problems);
        Assert.True(verified.Events > 10);
    }

    [Theory]
    [InlineData("gap", "has version")]
    [InlineData("document", "is not the fold of its events")]
    [InlineData("orphan", "which does not exist")]
    [InlineData("message", "is in no inbox")]
    [InlineData("ack", "is not what its events say")]
    [InlineData("claim", "is not claimed")]
    [InlineData("halt", "is not among the halts")]
    [InlineData("lifted", "that the fence checks is not what its events say")]
    [InlineData("narrowed", "that the fence checks is not what its events say")]
    [InlineData("raised", "and no event raised it")]
    public async Task What_is_broken_is_named(string damage, string problem)
    {
        var lines = await LinesAsync();
        var broken = damage switch
        {
            "gap" => lines.Where(line => line is not EventLine { Version: 2, Actor.Kind: ActorKind.Atp }),
            "document" => lines.Select(line => line is ActorLine { Actor.Kind: ActorKind.Atp } actor ? actor with { Document = "{}"u8.ToArray() } : line),
            "orphan" => lines.Select(line => line is EffectLine effect ? effect with { Target = ActorId.Atp("AT-NOWHERE") } : line),
            "message" => lines.Where(line => line is not MessageLine),
            "ack" => lines.Select(line => line is MessageLine message ? message with { AckedBy = "@nobody" } : line),
            "claim" => lines.Where(line => line is not ClaimLine),
            "lifted" => Halts(lines, halt => halt with { LiftedAt = halt.RaisedAt }),
            "narrowed" => Halts(lines, halt => halt with { Lifts = [new PartialLift(HaltScope.All, halt.RaisedAt)] }),
            "raised" => Halts(lines, halt => halt with { Id = "HLT-Y" }),
            _ => lines.Where(line => line is not HaltLine),
        };
        var verified = await VerifyAsync(broken);
        Assert.Contains(verified.Problems, found => found.Contains(problem, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_rebuilt_journal_is_the_same_journal()
    {
        var lines = await LinesAsync();
        var damaged = lines.Where(line => line is not (MessageLine or ClaimLine or HaltLine))
            .Select(line => line is ActorLine actor ? actor with { Document = "{}"u8.ToArray() } : line).ToList();
        await using var rebuilt = new InMemoryStore();
        await rebuilt.OpenAsync(CancellationToken.None);
        await rebuilt.WriteAllAsync(JournalRebuild.RunAsync(() => damaged.ToAsyncEnumerable(), CancellationToken.None), CancellationToken.None);
        Assert.Equal(await TextAsync(lines.ToAsyncEnumerable()), await TextAsync(rebuilt.ReadAllAsync(CancellationToken.None)));
    }

    private static IEnumerable<JournalLine> Halts(IEnumerable<JournalLine> lines, Func<HaltRecord, HaltRecord> change) =>
        lines.Select(line => line is HaltLine halt ? halt with { Halt = change(halt.Halt) } : line);

    private async Task<List<JournalLine>> LinesAsync()
    {
        await OkAsync(engine.Declarations.DeclareAsync(
            new Core.Incidents.DeclareIncident("checkout is down", Core.Incidents.Severity.Sev1, DedupKey: "checkout"),
            By("@dev")));
        await OkAsync(engine.Atp("AT-1").DoAsync(new CreateAtp("work", Flow: "standard"), By("@operator")));
        await OkAsync(engine.Atp("AT-1").DoAsync(new SendMessage("@dev", MessageType.Directive, Priority.P1, "look", "now"), By("@operator")));
        await OkAsync(engine.Halt("HLT-X").DoAsync(new RaiseHalt(HaltScope.All, "drill"), By("@operator")));
        return await engine.Journal.ReadAllAsync(CancellationToken.None).ToListAsync();
    }

    private static Task<VerifiedJournal> VerifyAsync(IEnumerable<JournalLine> lines) =>
        JournalVerification.RunAsync(lines.ToAsyncEnumerable(), CancellationToken.None);

    private static async Task<string> TextAsync(IAsyncEnumerable<JournalLine> lines)
    {
        using var to = new MemoryStream();
        await JournalLines.WriteAsync(lines, to, CancellationToken.None);
        return string.Join('\n', System.Text.Encoding.UTF8.GetString(to.ToArray()).Split('\n').Order(StringComparer.Ordinal));
    }
}
