using IncidentActors.Core.Halts;

namespace IncidentActors.Storage.Tests;

public abstract partial class StoreSuite
{
    [SuiteFact]
    public async Task A_parked_effect_rests_until_its_halt_is_lifted_and_keeps_its_times()
    {
        await MustCommitAsync(Given.Raising(Given.HaltOf(HaltScope.All, "HLT-1")));
        await MustCommitAsync(Writes(Given.Effect("e", clock: true)));
        var due = await TakeOneAsync();
        await Journal.ParkAsync("e", due.LeaseToken, "HLT-1", None);
        Assert.Empty(await TakeAsync(Given.Noon.AddYears(1)));
        await MustCommitAsync(Given.Raising(Given.HaltOf(HaltScope.All, "HLT-1") with { LiftedAt = Given.Noon.AddHours(1) }, expected: 1));
        var again = await TakeOneAsync();
        Assert.Equal((due.Due, due.Counted), (again.Due, again.Counted));
    }

    [SuiteFact]
    public async Task A_partial_lift_lets_parked_effects_come_again()
    {
        await MustCommitAsync(Given.Raising(Given.HaltOf(HaltScope.All, "HLT-1")));
        await MustCommitAsync(Writes(Given.Effect("e", clock: true)));
        var due = await TakeOneAsync();
        await Journal.ParkAsync("e", due.LeaseToken, "HLT-1", None);
        var scope = new HaltScope(HaltScopeKind.Team, "blue");
        await MustCommitAsync(Given.Raising(Given.HaltOf(HaltScope.All, "HLT-1") with { Lifts = [new PartialLift(scope, Given.Noon)] }, expected: 1));
        Assert.Equal("e", (await TakeOneAsync()).Id);
    }

    [SuiteFact]
    public async Task Nothing_is_parked_under_a_halt_that_is_over_or_with_a_foreign_lease()
    {
        await MustCommitAsync(Given.Raising(Given.HaltOf(HaltScope.All, "HLT-1") with { LiftedAt = Given.Noon }));
        await MustCommitAsync(Given.Raising(Given.HaltOf(HaltScope.All, "HLT-2")));
        await MustCommitAsync(Writes(Given.Effect("e")));
        var due = await TakeOneAsync();
        await Journal.ParkAsync("e", due.LeaseToken, "HLT-1", None);
        var again = await TakeOneAsync();
        await Journal.ParkAsync("e", due.LeaseToken, "HLT-2", None);
        await MustCommitAsync(Consumes(again));
    }
}
