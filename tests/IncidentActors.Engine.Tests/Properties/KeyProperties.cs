using System.Text;
using FsCheck;
using FsCheck.Fluent;
using IncidentActors.Core.Agents;
using IncidentActors.Core.Atps;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Halts;
using IncidentActors.Core.Incidents;
using IncidentActors.Engine.Tests.Simulation;
using static IncidentActors.Engine.Tests.TestEngine;
using Outcome = IncidentActors.Core.Decisions.Outcome;
using World = IncidentActors.Engine.Tests.Simulation.World;

namespace IncidentActors.Engine.Tests.Properties;

/// <summary>For arbitrary sequences of commands against the engine. The simulation's generator makes them; the number is its seed.</summary>
public class KeyProperties
{
    private static readonly Config Runs = Config.QuickThrowOnFailure.WithMaxTest(30).WithReplay(2026, 1121);

    [Fact]
    public void A_repeated_key_changes_nothing_and_gives_the_same_answer() => ForAllSeeds(async (world, engine, operation) =>
    {
        var first = await SendAsync(engine, operation);
        var before = await EverythingAsync(world, engine);
        var again = await SendAsync(engine, operation);
        if (first is Accepted accepted)
        {
            Assert.Equal(accepted.Answer.ToString(), Assert.IsType<Accepted>(again).Answer.ToString());
            Assert.True(((Accepted)again).Replayed);
        }

        Assert.Equal(before, await EverythingAsync(world, engine));
    });

    [Fact]
    public void A_rejected_command_changes_nothing() => ForAllSeeds(async (world, engine, operation) =>
    {
        var before = await EverythingAsync(world, engine);
        if (await SendAsync(engine, operation) is Rejected) Assert.Equal(before, await EverythingAsync(world, engine));
    });

    private static void ForAllSeeds(Func<World, TestEngine, Operation, Task> holds) => Prop.ForAll(Gen.Choose(1, 1_000_000).ToArbitrary(), seed =>
    {
        var world = new World(seed);
        world.Scheduler.Run(async () =>
        {
            var engine = new TestEngine(new NodeJournal("n1", world.Ledger, world.Scheduler, new Random(seed), Faults.None));
            var generator = new Generator(world);
            for (var i = 0; i < 40; i++)
            {
                await engine.PassAsync(TimeSpan.Zero);
                var operation = generator.Next();
                if (operation.Command is not FetchInbox) await holds(world, engine, operation);
                engine.Time.Advance(TimeSpan.FromSeconds(world.Random.Next(20)));
            }
        });
        return true;
    }).Check(Runs);

    private static Task<Outcome> SendAsync(TestEngine engine, Operation operation) => operation.Command switch
    {
        DeclareIncident declare => engine.Declarations.DeclareAsync(declare, By(operation.By, operation.Key)),
        IncidentCommand command => engine.Incident(operation.Target.Key).DoAsync(command, By(operation.By, operation.Key)),
        AtpCommand command => engine.Atp(operation.Target.Key).DoAsync(command, By(operation.By, operation.Key)),
        HaltCommand command => engine.Halt(operation.Target.Key).DoAsync(command, By(operation.By, operation.Key)),
        AgentCommand command => engine.Agent(operation.By).DoAsync(command, By(operation.By, operation.Key)),
        _ => throw new InvalidOperationException($"no operation carries {operation.Command.GetType().Name}"),
    };

    /// <summary>
    /// All that the store holds of what turns write, when what earlier commands led to is done: that is no change by the one in question.
    /// An agent becoming known is no answer to anything.
    /// </summary>
    private static async Task<string> EverythingAsync(World world, TestEngine engine)
    {
        await engine.PassAsync(TimeSpan.Zero);
        var text = new StringBuilder();
        foreach (var actor in world.Ledger.States.Keys.Where(actor => actor.Kind != ActorKind.Agent).Order())
        {
            var stored = (await world.Ledger.Store.LoadAsync(actor, CancellationToken.None))!;
            text.Append(actor).Append(' ').Append(stored.Version).Append(' ').AppendLine(Encoding.UTF8.GetString(stored.Document.Span));
        }

        foreach (var id in world.Ledger.Entries.SelectMany(entry => entry.Turn.Effects).Select(effect => effect.Id).Distinct())
            text.Append(id).Append(' ').AppendLine((await world.Ledger.Store.EffectAsync(id, CancellationToken.None))?.Due.ToString("O"));
        return text.ToString();
    }
}
