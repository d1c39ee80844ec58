using IncidentActors.Core.Decisions;
using IncidentActors.Core.Halts;
using IncidentActors.Core.Messages;
using IncidentActors.Engine.Journals;
using IncidentActors.Engine.Telemetry;

namespace IncidentActors.Storage.Tests;

public abstract partial class StoreSuite
{
    [SuiteFact]
    public async Task An_empty_journal_counts_nothing()
    {
        var figures = await FiguresAsync();
        Assert.Empty(figures.Incidents);
        Assert.Empty(figures.Atps);
        Assert.Empty(figures.Unread);
        Assert.Equal((0, 0, null), (figures.Approvals, figures.EffectsDue, figures.OldestDue));
    }

    [SuiteFact]
    public async Task What_is_open_is_counted_by_its_rank()
    {
        await MustCommitAsync(Given.Turn(ActorId.Incident("INC-1"), 0, index: new DocumentIndex("declared", Open: true, Rank: 1)));
        await MustCommitAsync(Given.Turn(ActorId.Incident("INC-2"), 0, index: new DocumentIndex("declared", Open: true, Rank: 3)));
        await MustCommitAsync(Given.Turn(ActorId.Incident("INC-3"), 0, index: new DocumentIndex("closed", Open: false, Rank: 3)));
        await MustCommitAsync(Given.Turn(Given.Atp(1), 0, index: new DocumentIndex("Queued", Open: true, Rank: 2)));
        await MustCommitAsync(Given.Turn(ActorId.Approval("APR-1"), 0, index: new DocumentIndex("open", Open: true)));
        await MustCommitAsync(Given.Turn(ActorId.Approval("APR-2"), 0, index: new DocumentIndex("approved", Open: false)));
        var figures = await FiguresAsync();
        Assert.Equal([(1, 1L), (3, 1L)], figures.Incidents.Select(pair => (pair.Key, pair.Value)));
        Assert.Equal([(2, 1L)], figures.Atps.Select(pair => (pair.Key, pair.Value)));
        Assert.Equal(1, figures.Approvals);
    }

    [SuiteFact]
    public async Task Effects_are_due_until_they_are_applied_and_not_while_they_are_parked()
    {
        await MustCommitAsync(Given.Raising(Given.HaltOf(HaltScope.All, "HLT-1")));
        await MustCommitAsync(Writes(
            Given.Effect("late", Given.Noon.AddMinutes(-2)),
            Given.Effect("now"),
            Given.Effect("later", Given.Noon.AddHours(1), clock: true)));
        Assert.Equal((2, Given.Noon.AddMinutes(-2)), await DueAsync());
        var taken = await TakeAsync(Given.Noon);
        Assert.Equal((2, Given.Noon.AddMinutes(-2)), await DueAsync());
        var late = taken.Single(effect => effect.Id == "late");
        await Journal.ParkAsync("late", late.LeaseToken, "HLT-1", None);
        Assert.Equal((1, Given.Noon), await DueAsync());
        await MustCommitAsync(Consumes(taken.Single(effect => effect.Id == "now")));
        Assert.Equal((0, null), await DueAsync());
    }

    [SuiteFact]
    public async Task Messages_are_counted_by_priority_until_they_are_acknowledged()
    {
        await MustCommitAsync(Given.Turn() with
        {
            Messages =
            [
                Given.Message("m-1", "@dev", Priority.P0, minute: 2),
                Given.Message("m-2", "@sre", Priority.P0, minute: 1),
                Given.Message("m-3", "@dev", Priority.P3),
            ],
        });
        var unread = (await FiguresAsync()).Unread;
        Assert.Equal(new Unread(2, Given.Noon.AddMinutes(1)), unread[0]);
        Assert.Equal(new Unread(1, Given.Noon), unread[3]);
        await MustCommitAsync(Given.Turn() with { Acks = [new MessageAck("m-2", "@sre", Given.Noon, null), new MessageAck("m-3", "@dev", Given.Noon, null)] });
        Assert.Equal([(0, new Unread(1, Given.Noon.AddMinutes(2)))], (await FiguresAsync()).Unread.Select(pair => (pair.Key, pair.Value)));
    }

    private Task<JournalFigures> FiguresAsync() => Journal.FiguresAsync(Given.Noon, None);

    private async Task<(long Count, DateTimeOffset? Oldest)> DueAsync()
    {
        var figures = await FiguresAsync();
        return (figures.EffectsDue, figures.OldestDue);
    }
}
