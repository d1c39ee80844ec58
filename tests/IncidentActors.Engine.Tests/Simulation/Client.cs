using IncidentActors.Testing;
using IncidentActors.Core.Agents;
using IncidentActors.Core.Atps;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Halts;
using IncidentActors.Core.Incidents;

namespace IncidentActors.Engine.Tests.Simulation;

/// <summary>Sends operations one after the other to any node, again under the same key when the answer did not come, and writes the history.</summary>
internal sealed class Client(World world, Cluster cluster)
{
    public async Task WorkAsync(Func<Operation> next, Func<bool> goOn)
    {
        while (goOn())
        {
            var operation = next();
            await SendAsync(operation, world.Random.Next(1, 5));
            if (world.Random.Next(10) == 0) await SendAsync(operation, 1);
            await world.Scheduler.PassAsync(TimeSpan.FromMilliseconds(world.Random.Next(1, 8000)));
        }
    }

    /// <summary>Until it is decided, at most so often; a halted one may be sent again too.</summary>
    public async Task<Outcome> SendAsync(Operation operation, int most)
    {
        while (true)
        {
            var attempt = await SendOnceAsync(operation);
            world.History.Add(attempt);
            var again = attempt.Outcome is Unavailable || (attempt.Outcome is Rejected { Kind: RejectionKind.Halted } && world.Random.Next(3) == 0);
            if (!again || --most == 0) return attempt.Outcome;
            await world.Scheduler.PassAsync(TimeSpan.FromMilliseconds(world.Random.Next(1, 5000)));
        }
    }

    private async Task<Attempt> SendOnceAsync(Operation operation)
    {
        var node = cluster.Any();
        var from = world.Ledger.Entries.Count;
        var asked = AskAsync(node.Engine, operation);
        await Task.WhenAny(asked, node.Died);
        var (outcome, inbox) = asked.IsCompleted
            ? await asked
            : (new Unavailable("the node died", TimeSpan.Zero, Known: false), null);
        return new Attempt(operation, node.Journal.Node, from, world.Ledger.Entries.Count, outcome, inbox);
    }

    private static async Task<(Outcome Outcome, InboxView? Inbox)> AskAsync(InProcessActors engine, Operation operation)
    {
        var call = new Call { At = default, Seed = "", By = operation.By, Key = operation.Command is FetchInbox ? null : operation.Key };
        switch (operation.Command)
        {
            case DeclareIncident declare:
                return (await engine.Declarations.DeclareAsync(declare, call), null);
            case IncidentCommand command:
                return (await engine.Incident(operation.Target.Key).DoAsync(command, call), null);
            case AtpCommand command:
                return (await engine.Atp(operation.Target.Key).DoAsync(command, call), null);
            case HaltCommand command:
                return (await engine.Halt(operation.Target.Key).DoAsync(command, call), null);
            case FetchInbox:
                var answer = await engine.Agent(operation.By).FetchInboxAsync(call, 50);
                return (answer.Refusal ?? new Accepted(default(System.Text.Json.JsonElement), 0), answer.Inbox);
            case AgentCommand command:
                return (await engine.Agent(operation.By).DoAsync(command, call), null);
            default:
                throw new InvalidOperationException($"no operation carries {operation.Command.GetType().Name}");
        }
    }
}
