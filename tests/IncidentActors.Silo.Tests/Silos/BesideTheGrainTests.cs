using IncidentActors.Testing;
using System.Collections.Immutable;
using IncidentActors.Behaviour;
using IncidentActors.Core.Atps;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Incidents;
using IncidentActors.Engine.Atps;
using IncidentActors.Engine.Incidents;
using IncidentActors.Engine.Turns;
using static IncidentActors.Behaviour.Expect;

namespace IncidentActors.Silo.Tests.Silos;

/// <summary>What is sent to every silo at once, and turns that change an actor from elsewhere: the journal decides between them.</summary>
public sealed class BesideTheGrainTests : IAsyncLifetime
{
    private TestSilos silos = null!;

    public async Task InitializeAsync() => silos = await TestSilos.StartAsync();

    public async Task DisposeAsync() => await silos.DisposeAsync();

    [BehaviourFact]
    public async Task Declared_by_every_silo_at_once_it_is_one_incident()
    {
        var declared = await Task.WhenAll(All<IDeclarations>().SelectMany(silo => Enumerable.Range(0, 4).Select(_ =>
            OkAsync(silo.DeclareAsync(Down, By("@pm"))))));

        Assert.Single(declared.Select(one => one.Answer.GetProperty("id").GetString()).Distinct());
        Assert.Single(declared, one => one.Answer.GetProperty("created").GetBoolean());
    }

    [BehaviourFact]
    public async Task Created_by_every_silo_at_once_with_one_key_it_is_one_ATP()
    {
        var create = new CreateAtp("work", null, null, null, null, null, null, "@dev");

        var created = await Task.WhenAll(All<Creations>().Select(silo => OkAsync(silo.CreateAsync(create, By("@dev", "k1")))));

        Assert.Single(created.Select(one => one.Answer.GetProperty("id").GetString()).Distinct());
        Assert.Single(created, one => !one.Replayed);
    }

    [BehaviourFact]
    public async Task A_grain_that_is_in_memory_goes_on_from_a_turn_that_was_taken_beside_it()
    {
        var atp = silos.Actors.Atp("AT-1");
        await OkAsync(atp.DoAsync(new CreateAtp("work", null, null, null, null, null, null, "@dev"), By("@dev")));
        foreach (var turns in All<TurnExecutor>())
            await OkAsync(new AtpActor("AT-1", turns).DoAsync(new SetAtp("InProgress", null, null, null, null, []), By("@dev")));

        await OkAsync(atp.DoAsync(new ChangeStatus("Complete", null), By("@dev")));

        Assert.Equal("Complete", (await atp.GetAsync())!.Status);
    }

    private static DeclareIncident Down => new(
        "checkout is down", Severity.Sev2, IncidentCategory.Availability, null, null, ImmutableSortedDictionary<string, string>.Empty,
        "manual", "checkout", null, []);

    private List<T> All<T>()
        where T : notnull => [.. silos.Cluster.Silos.Select(silos.Of<T>)];
}
