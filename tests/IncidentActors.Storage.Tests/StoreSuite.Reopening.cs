using IncidentActors.Core.Halts;
using IncidentActors.Engine.Journals;

namespace IncidentActors.Storage.Tests;

public abstract partial class StoreSuite
{
    [SuiteFact]
    public async Task Reopening_keeps_everything()
    {
        await MustCommitAsync(Given.Turn(Given.Atp(1), 0, 2) with
        {
            Answer = Answer("k"),
            Effects = [Given.Effect("e"), Given.Effect("later", Given.Noon.AddHours(1), clock: true)],
            Claims = [new ClaimRecord("name", Given.Atp(1))],
            Messages = [Given.Message("m", "@dev")],
        });
        await MustCommitAsync(Given.Raising(Given.HaltOf(HaltScope.All)));
        var feed = await WholeFeedAsync();
        var cursor = await Journal.FeedEndAsync(None);

        await ReopenAsync();

        Assert.Equal(2, await VersionAsync(Given.Atp(1)));
        Assert.Equal(feed.Select(one => one.Cursor), (await WholeFeedAsync()).Select(one => one.Cursor));
        Assert.NotNull(await Journal.AnswerAsync("k", None));
        Assert.Equal(Given.Atp(1), await Journal.HolderAsync("name", None));
        Assert.Single(await Journal.InboxAsync("@dev", 10, None));
        Assert.Equal("e", (await TakeOneAsync()).Id);
        Assert.Equal(Given.Noon + Minute, await Journal.NextDueAsync(None));
        Assert.IsType<Fenced>(await CommitAsync(Given.Turn(Given.Atp(2), 0) with { Subject = new("@dev") }));

        await MustCommitAsync(Given.Turn(Given.Atp(1), 2));
        await FeedCaughtUpAsync();
        Assert.Equal(3, Assert.Single((await Journal.FeedAsync(cursor, 10, null, None)).Events).Version);
    }

    [SuiteFact]
    public async Task A_journal_proves_that_it_can_commit()
    {
        await Journal.PingAsync(None);
        Assert.NotEmpty(Journal.Description);
        Assert.InRange(Journal.Lanes, 1, 16);
    }
}
