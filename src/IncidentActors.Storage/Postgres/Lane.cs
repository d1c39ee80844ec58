using Npgsql;
using NpgsqlTypes;

namespace IncidentActors.Storage.Postgres;

/// <summary>
/// A writer's row in the database. Every commit takes the lane's next even number in its transaction; so when the answer to a commit
/// is lost, taking the odd one behind it proves that it was not applied and prevents it from being applied later. The stored number says
/// which of both was taken, also when asked repeatedly, because the answer to the question may be lost too.
/// </summary>
internal sealed class Lane
{
    public Guid Id { get; } = Guid.NewGuid();

    public long Number { get; private set; }

    public static async Task<Lane> AddAsync(NpgsqlConnection connection)
    {
        var lane = new Lane();
        await using var command = new NpgsqlCommand("insert into lanes values ($1, 0, now())", connection);
        command.Parameters.Add(new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Uuid, Value = lane.Id });
        await command.ExecuteNonQueryAsync();
        return lane;
    }

    public long Next() => Number += 2;

    /// <summary>Waits until the last commit has ended, if it is still running. True: it was applied.</summary>
    public async Task<bool> SettleAsync(NpgsqlConnection connection)
    {
        await using var take = new NpgsqlCommand("update lanes set number = $2 + 1 where lane = $1 and number < $2", connection)
        {
            Parameters =
            {
                new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Uuid, Value = Id },
                new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Bigint, Value = Number },
            },
        };
        if (await take.ExecuteNonQueryAsync() == 1) return false;

        // Taken already: by the commit, or by an earlier question. Or the row is gone, which it would not be after a commit just now.
        await using var look = new NpgsqlCommand("select number from lanes where lane = $1", connection)
        {
            Parameters = { new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Uuid, Value = Id } },
        };
        return await look.ExecuteScalarAsync() is long number && number == Number;
    }
}
