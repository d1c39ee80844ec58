using IncidentActors.Core.Decisions;
using IncidentActors.Storage.Postgres;
using IncidentActors.Server.Tests.Chaos.Checkers;
using IncidentActors.Server.Tests.Http;
using IncidentActors.Testing;
using Npgsql;

namespace IncidentActors.Server.Tests.Chaos;

/// <summary>Reads the journal beside the nodes and shows every new event to the checkers.</summary>
internal sealed class Evidence(string database)
{
    private readonly GaplessVersions versions = new();
    private readonly AcknowledgedOnce acknowledged = new();
    private readonly HaltDominance dominance = new();
    private readonly HashSet<ActorId> actors = [];
    private readonly WholeFeed feed = new(database);

    public EffectsOnce Effects { get; } = new();
    public int Halts => dominance.Halts;

    public async Task CheckAsync(IReadOnlyList<Operation> operations)
    {
        await using var journal = new PostgresStore(database);
        await journal.OpenAsync(CancellationToken.None);
        foreach (var one in (await feed.ReadAsync(journal)).OrderBy(one => one.Position))
        {
            actors.Add(one.Actor);
            versions.See(one);
            acknowledged.See(one);
            dominance.See(one);
            Effects.See(one);
        }

        acknowledged.Check(operations);
    }

    /// <summary>When no more commands come: all that was begun ends, and documents are what the events say.</summary>
    public async Task CheckEndAsync()
    {
        await NothingToldIsWaitingAsync();
        await CheckAsync([]);
        await using var journal = new PostgresStore(database);
        await journal.OpenAsync(CancellationToken.None);
        await ViewsAreFolds.CheckAsync(journal, actors);
        Effects.Check();
    }

    /// <summary>Effects that are no clocks are applied at once, those of a dead node when its lease is over.</summary>
    private async Task NothingToldIsWaitingAsync()
    {
        await using var connection = new NpgsqlConnection(database);
        await connection.OpenAsync();
        await using var left = new NpgsqlCommand("select count(*) from effects where not clock", connection);
        await Eventually.TrueAsync(async () => await left.ExecuteScalarAsync() is 0L, "the application of every effect");
    }
}
