using IncidentActors.Core.Messages;
using IncidentActors.Engine.Journals;

namespace IncidentActors.Storage.Tests;

public abstract partial class StoreSuite
{
    [SuiteFact]
    public async Task The_inbox_shows_what_is_unread_by_priority_then_age()
    {
        await MustCommitAsync(Given.Turn() with
        {
            Messages =
            [
                Given.Message("normal", "@dev"), Given.Message("old-high", "@dev", Priority.P1, minute: -5),
                Given.Message("critical", "@dev", Priority.P0, minute: 5), Given.Message("high", "@dev", Priority.P1),
                Given.Message("same-age", "@dev", Priority.P1), Given.Message("foreign", "@ops", Priority.P0),
            ],
        });
        Assert.Equal(
            ["critical", "old-high", "high", "same-age", "normal"],
            (await Journal.InboxAsync("@dev", 10, None)).Select(message => message.Message.Id));
        Assert.Equal(["critical", "old-high"], (await Journal.InboxAsync("@dev", 2, None)).Select(message => message.Message.Id));
        Assert.Empty(await Journal.InboxAsync("@nobody", 10, None));
    }

    [SuiteFact]
    public async Task A_limited_inbox_shows_the_newest_P0s()
    {
        await MustCommitAsync(Given.Turn() with
        {
            Messages =
            [
                Given.Message("first", "@dev", Priority.P0, minute: 1), Given.Message("high", "@dev", Priority.P1),
                Given.Message("second", "@dev", Priority.P0, minute: 2), Given.Message("third", "@dev", Priority.P0, minute: 3),
            ],
        });
        Assert.Equal(["second", "third"], (await Journal.InboxAsync("@dev", 2, None)).Select(message => message.Message.Id));
        Assert.Equal(["first", "second", "third", "high"], (await Journal.InboxAsync("@dev", 10, None)).Select(message => message.Message.Id));
    }

    [SuiteFact]
    public async Task An_acknowledged_message_leaves_the_inbox_and_keeps_its_first_acknowledgement()
    {
        var message = Given.Message("m", "@dev") with
        {
            IncidentId = "INC-1", Body = "a \0 b\ud83d\ude92", Type = MessageType.HITLNotification,
        };
        await MustCommitAsync(Given.Turn() with { Messages = [message] });
        await MustCommitAsync(Given.Turn() with { Acks = [new MessageAck("m", "@dev", Given.Noon.AddTicks(3), "on it")] });
        await MustCommitAsync(Given.Turn() with
        {
            Acks = [new MessageAck("m", "@pm", Given.Noon.AddDays(1), null), new MessageAck("none", "@pm", Given.Noon, null)],
        });
        Assert.Empty(await Journal.InboxAsync("@dev", 10, None));
        Assert.Equal(new StoredMessage(message, Given.Noon.AddTicks(3), "@dev", "on it"), await Journal.MessageAsync("m", None));
        Assert.Null(await Journal.MessageAsync("none", None));
    }

    [SuiteFact]
    public async Task A_message_is_acknowledged_once_within_a_call()
    {
        await Journal.CommitAsync(
            [
                Given.Turn() with { Messages = [Given.Message("m", "@dev")] },
                Given.Turn() with { Acks = [new MessageAck("m", "@dev", Given.Noon, "first")] },
                Given.Turn() with { Acks = [new MessageAck("m", "@dev", Given.Noon, "second")] },
            ],
            None);
        Assert.Equal("first", (await Journal.MessageAsync("m", None))!.AckNotes);
    }
}
