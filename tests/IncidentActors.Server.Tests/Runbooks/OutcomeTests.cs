using System.Collections.Immutable;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Incidents;
using IncidentActors.Core.Json;
using IncidentActors.Core.Runbooks;
using IncidentActors.Engine;
using IncidentActors.Engine.Journals;
using IncidentActors.Server.Runbooks;
using IncidentActors.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using IncidentActors.Testing.Stores;

namespace IncidentActors.Server.Tests.Runbooks;

/// <summary>A run is recorded with its outcome, also when the journal is away at the moment it ends.</summary>
public sealed class OutcomeTests : IAsyncLifetime
{
    private static readonly EngineOptions Options = new()
    {
        Runbooks = RunbooksYaml.Parse("runbooks: [{ id: ok, steps: [[printf, restored]] }]", "mine.yaml"),
    };

    private readonly Failing journal = new(new InMemoryStore());
    private readonly HttpClient http = new();
    private InProcessActors engine = null!;
    private RunbookRunner runner = null!;

    public Task InitializeAsync()
    {
        engine = new InProcessActors(journal, Options, NullLogger.Instance);
        runner = new RunbookRunner(engine, Options, http, "");
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        await runner.DisposeAsync();
        await engine.DisposeAsync();
        await journal.DisposeAsync();
        http.Dispose();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_outcome_is_told_until_it_is_recorded_and_recorded_once(bool notApplied)
    {
        journal.Fails(times: 2, notApplied);
        var incident = await StartAsync(runner);
        await runner.SettledAsync();

        var run = Assert.Single((await incident.GetAsync())!.Runs);
        Assert.Equal(RunStatus.Succeeded, run.Status);
        Assert.EndsWith("restored\n", run.Output, StringComparison.Ordinal);
        Assert.Equal(notApplied ? 2 : 1, journal.Refused);
    }

    [Fact]
    public async Task A_server_that_stops_does_not_wait_for_a_journal_that_is_away()
    {
        journal.Fails(times: int.MaxValue, notApplied: true);
        var stopping = new RunbookRunner(engine, Options, http, "");
        var incident = await StartAsync(stopping);
        await journal.FirstRefused;
        await stopping.DisposeAsync();

        Assert.Equal(RunStatus.Running, Assert.Single((await incident.GetAsync())!.Runs).Status);
    }

    private async Task<IIncident> StartAsync(RunbookRunner on)
    {
        var dev = new Call { At = default, Seed = "", By = "@dev" };
        var declared = Assert.IsType<Accepted>(await engine.Declarations.DeclareAsync(new DeclareIncident("Orders are lost", Severity.Sev2), dev));
        var incident = engine.Incident(declared.Answer.GetProperty("id").GetString()!);
        Assert.IsType<Accepted>(await incident.DoAsync(new ProposeRun("ok", ImmutableSortedDictionary<string, string>.Empty, DryRun: false), dev));
        var view = (await incident.GetAsync())!;
        Assert.IsType<Accepted>(await on.StartAsync(view.Id, Assert.Single(view.Runs).Id, dev));
        return incident;
    }

    /// <summary>Fails commits of outcomes, before or after they are applied.</summary>
    private sealed class Failing(IStore inner) : DelegatingStore(inner)
    {
        private static readonly string Finished = EventTypes.NameOf(new RunbookFinished("", RunStatus.Unknown, null, ""));
        private readonly TaskCompletionSource first = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int left;
        private bool before;

        public int Refused { get; private set; }

        public Task FirstRefused => first.Task;

        public void Fails(int times, bool notApplied) => (left, before) = (times, notApplied);

        public override async Task<IReadOnlyList<CommitResult>> CommitAsync(IReadOnlyList<TurnRecord> turns, CancellationToken cancel)
        {
            var fails = turns.Any(turn => turn.Appends.Any(append => append.Events.Any(one => one.Name == Finished))) && left-- > 0;
            if (fails && before) throw Away();
            var results = await base.CommitAsync(turns, cancel);
            return fails ? throw Away() : results;
        }

        private JournalUnavailableException Away()
        {
            Refused++;
            first.TrySetResult();
            return new JournalUnavailableException("The journal is away.", before);
        }
    }
}
