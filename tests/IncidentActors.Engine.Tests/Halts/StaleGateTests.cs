using IncidentActors.Core.Atps;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Halts;
using IncidentActors.Engine.Journals;
using IncidentActors.Testing.Stores;
using static IncidentActors.Engine.Tests.TestEngine;

namespace IncidentActors.Engine.Tests.Halts;

/// <summary>Two nodes of which neither hears of the other's halts: nothing correct may depend on news.</summary>
public sealed class StaleGateTests : IAsyncDisposable
{
    private readonly InMemoryStore journal = new();
    private readonly TestEngine here;
    private readonly TestEngine there;

    public StaleGateTests() => (here, there) = (new TestEngine(journal), new TestEngine(journal));

    public async ValueTask DisposeAsync()
    {
        await here.DisposeAsync();
        await there.DisposeAsync();
    }

    [Fact]
    public async Task A_halt_that_a_node_has_not_heard_of_is_enforced_and_its_lift_believed()
    {
        await OkAsync(there.Atp("AT-1").DoAsync(Create, By("@dev")));
        await OkAsync(here.Halt("HLT-1").DoAsync(new RaiseHalt(HaltScope.All, "drill"), By("@operator")));
        var refused = await RefusedAsync(there.Atp("AT-1").DoAsync(Note, By("@dev", "k1")), Rules.Halted);
        Assert.Equal("HLT-1", refused.Halt!.Id);
        await OkAsync(here.Halt("HLT-1").DoAsync(new LiftHalt(), By("@operator")));
        await OkAsync(there.Atp("AT-1").DoAsync(Note, By("@dev", "k1")));
    }

    [Fact]
    public async Task An_inbox_shows_the_halts_of_this_moment()
    {
        await OkAsync(here.Atp("AT-1").DoAsync(Create, By("@dev")));
        await OkAsync(here.Halt("HLT-1").DoAsync(new RaiseHalt(HaltScope.All, "drill"), By("@operator")));
        var halted = (await there.Agent("@dev").FetchInboxAsync(By("@dev"), 10)).Inbox!;
        Assert.Equal(("HLT-1", "AT-1"), (Assert.Single(halted.Halts).Id, Assert.Single(halted.SetAside).Id));
        await OkAsync(here.Halt("HLT-1").DoAsync(new LiftHalt(), By("@operator")));
        var free = (await there.Agent("@dev").FetchInboxAsync(By("@dev"), 10)).Inbox!;
        Assert.Empty(free.Halts);
        Assert.Equal(["AT-1"], free.Resumed.AsEnumerable());
    }

    private static CreateAtp Create => new("work", null, "standard", null, null, null, null, "@dev");
    private static SetAtp Note => new(null, "a note", null, null, null, []);
}
