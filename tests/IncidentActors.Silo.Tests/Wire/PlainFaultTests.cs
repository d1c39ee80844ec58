using IncidentActors.Behaviour;
using IncidentActors.Core.Atps;
using IncidentActors.Core.Decisions;
using IncidentActors.Engine.Journals;
using static IncidentActors.Behaviour.Expect;

namespace IncidentActors.Silo.Tests.Wire;

/// <summary>What a caller outside the cluster sees of a silo's trouble.</summary>
public sealed class PlainFaultTests : IAsyncLifetime
{
    private TestSilos silos = null!;

    public async Task InitializeAsync() => silos = await TestSilos.StartAsync();

    public async Task DisposeAsync() => await silos.DisposeAsync();

    [BehaviourFact]
    public async Task A_store_that_is_away_is_an_answer_to_a_command()
    {
        silos.BeforeCommit = () => throw new JournalUnavailableException("The store is away.", notApplied: true);

        var outcome = await silos.Actors.Atp("AT-1").DoAsync(new CreateAtp("work", null, null, null, null, null, null, "@dev"), By("@dev"));

        Assert.Equal(("The store is away.", true), outcome is Unavailable unavailable ? (unavailable.Sentence, unavailable.Known) : default);
    }

    [BehaviourFact]
    public async Task A_store_that_is_away_is_told_by_the_same_exception_to_who_asks_for_a_view()
    {
        silos.BeforeLoad = () => throw new JournalUnavailableException("The store is away.", notApplied: true);

        var error = await Assert.ThrowsAsync<JournalUnavailableException>(() => silos.Actors.Atp("AT-1").GetAsync());

        Assert.Equal("The store is away.", error.Message);
    }

    [BehaviourFact]
    public async Task An_exception_of_a_driver_does_not_cross_the_wire()
    {
        silos.BeforeLoad = () => throw new InvalidOperationException("Reading failed.", new DriverException("no such table"));

        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => silos.Actors.Atp("AT-1").GetAsync());

        Assert.Equal("InvalidOperationException: Reading failed.", error.Message);
        Assert.Null(error.InnerException);
    }

    private sealed class DriverException(string sentence) : Exception(sentence);
}
