using HostedAgents;
using IncidentActors.Behaviour;
using IncidentActors.Core.Atps;
using IncidentActors.Core.Messages;
using IncidentActors.Testing;
using static EmergencyFlow;

namespace IncidentActors.Silo.Tests.Agents;

/// <summary>The sample: a team of three agents works an emergency to the closed ATP.</summary>
public sealed class EmergencyTeamTests : IAsyncLifetime
{
    private AgentsBench bench = null!;

    public async Task InitializeAsync() => bench = await AgentsBench.StartAsync(add: (agents, secrets) => agents
        .Add<CommanderAgent>("@pm", () => secrets["@pm"])
        .Add<DeveloperAgent>("@dev", () => secrets["@dev"])
        .Add<DeployerAgent>("@sre", () => secrets["@sre"])
        .Add<SilentAgent>("@qa", () => secrets["@qa"]));

    public async Task DisposeAsync() => await bench.DisposeAsync();

    [BehaviourFact]
    public async Task A_blocker_becomes_an_emergency_that_is_fixed_deployed_and_closed()
    {
        var work = bench.Of("@qa").Atp("AT-7");
        await OkAsync(work.DoAsync(new CreateAtp("checkout tests", Owner: "@qa")));
        await OkAsync(work.DoAsync(new SendMessage("@pm", MessageType.Blocker, Priority.P0, "checkout is down", "Every payment fails.")));

        var emergency = bench.Of("@qa").Atp("AT-EMRG-7");
        await Eventually.TrueAsync(async () => (await emergency.GetAsync())?.Status == "Closed", "the closed ATP");
        await Eventually.TrueAsync(async () => (await bench.Of("@pm").PeekInboxAsync(CancellationToken.None)).Messages.IsEmpty, "an empty inbox");
    }
}
