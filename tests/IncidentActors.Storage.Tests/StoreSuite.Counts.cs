using IncidentActors.Core.Decisions;
using IncidentActors.Engine.Journals;

namespace IncidentActors.Storage.Tests;

public abstract partial class StoreSuite
{
    [SuiteFact]
    public async Task Open_documents_are_counted_by_flow_and_status_as_their_index_says_now()
    {
        DocumentIndex[] indexes =
        [
            new("WORK", Open: true, Flow: "standard"), new("WORK", Open: true, 2, "INC-2", "@dev", "standard"), new("DONE", Open: true, Flow: "standard"),
            new("WORK", Open: true, Flow: "emergency"), new("WORK", Open: false, Flow: "emergency"), new("WORK", Open: true),
        ];
        for (var i = 0; i < indexes.Length; i++) await MustCommitAsync(Given.Turn(ActorId.Atp($"{i}"), 0, index: indexes[i]));
        await MustCommitAsync(Given.Turn(ActorId.Incident("i"), 0));

        Assert.Equal(
            [new(null, "WORK", 1), new("emergency", "WORK", 1), new("standard", "DONE", 1), new("standard", "WORK", 2)],
            await CountedAsync(ActorKind.Atp));
        await MustCommitAsync(Given.Turn(ActorId.Atp("1"), 1, index: new DocumentIndex("DONE", Open: false, Flow: "standard")));
        Assert.Equal(new OpenCount("standard", "WORK", 1), (await CountedAsync(ActorKind.Atp))[^1]);
        Assert.Empty(await CountedAsync(ActorKind.Halt));
    }

    private async Task<OpenCount[]> CountedAsync(ActorKind kind) => [.. await Journal.CountOpenAsync(kind, None)];
}
