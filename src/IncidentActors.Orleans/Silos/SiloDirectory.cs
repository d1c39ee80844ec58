using IncidentActors.Core.Agents;
using IncidentActors.Core.Atps;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Halts;
using IncidentActors.Core.Incidents;
using IncidentActors.Engine;

namespace IncidentActors.Orleans.Silos;

/// <summary>
/// Actors as a silo's own host reaches them. Commands go to the actor's grain, which keeps its state warm on one silo. Views come
/// from the journal at once, as they do in the grain. A halt waits for nobody's silo. And because the journal checks every turn,
/// a keyed command whose silo does not answer soon is simply taken here: its key is applied once, whoever is first.
/// </summary>
internal sealed class SiloDirectory(OrleansDirectory grains, EmbeddedEngine here) : IActorDirectory
{
    /// <summary>How long the grain of a keyed command is waited for.</summary>
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(2);

    public IIncident Incident(string id) => new OneIncident(grains.Incident(id), here.Incident(id));
    public IAtp Atp(string id) => new OneAtp(grains.Atp(id), here.Atp(id));
    public IAgent Agent(string handle) => new OneAgent(grains.Agent(handle), here.Agent(handle));
    public IHalt Halt(string id) => here.Halt(id);

    private static async Task<Outcome> SettleAsync(Call call, Task<Outcome> there, Func<Task<Outcome>> here)
    {
        if (call.Key is null) return await there;
        try
        {
            return await there.WaitAsync(Soon) is var outcome && outcome is Unavailable { Known: var known } ? Settled(await here(), known) : outcome;
        }
        catch (TimeoutException)
        {
            return Settled(await here(), known: false);
        }
    }

    /// <summary>What was done here is done once, whatever the other silo still does. What was refused here may yet be done there, when
    /// that silo goes on after the refusal's reason is gone: then only the same key can tell.</summary>
    private static Outcome Settled(Outcome here, bool known) => here is Rejected rejected && !known
        ? new Unavailable(
            $"The silo that has the command does not answer, and here it would be refused now: {rejected.Sentence} Send it again with the same key.",
            Soon,
            Known: false)
        : here;

    private sealed class OneIncident(IIncident grain, IIncident here) : IIncident
    {
        public Task<Outcome> DoAsync(IncidentCommand command, Call call) =>
            SettleAsync(call, grain.DoAsync(command, call), () => here.DoAsync(command, call));

        public Task<IncidentView?> GetAsync() => here.GetAsync();
    }

    private sealed class OneAtp(IAtp grain, IAtp here) : IAtp
    {
        public Task<Outcome> DoAsync(AtpCommand command, Call call) =>
            SettleAsync(call, grain.DoAsync(command, call), () => here.DoAsync(command, call));

        public Task<AtpView?> GetAsync() => here.GetAsync();
    }

    /// <summary>Fetching an inbox changes nothing that a second fetch would not find again.</summary>
    private sealed class OneAgent(IAgent grain, IAgent here) : IAgent
    {
        public Task<Outcome> DoAsync(AgentCommand command, Call call) =>
            SettleAsync(call, grain.DoAsync(command, call), () => here.DoAsync(command, call));

        public async Task<InboxAnswer> FetchInboxAsync(Call call, int limit) =>
            await grain.FetchInboxAsync(call, limit) is { Refusal: not Unavailable } answer ? answer : await here.FetchInboxAsync(call, limit);

        public Task<AgentView?> GetAsync() => here.GetAsync();
    }
}
