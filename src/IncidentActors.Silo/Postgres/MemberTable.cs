using System.Net;
using System.Net.Sockets;
using Npgsql;
using NpgsqlTypes;

namespace IncidentActors.Silo.Postgres;

/// <param name="Generation">Distinguishes successive silos at one address and port.</param>
/// <param name="Silent">Time since the silo last wrote that it is alive, by the database's clock.</param>
internal sealed record Member(IPAddress Address, int Port, int Generation, string Host, TimeSpan Silent)
{
    public string Name => $"{Address}:{Port}@{Generation} of {Host}";
}

/// <summary>What a member's port says to a connection.</summary>
internal enum MemberAnswer
{
    Listens,

    /// <summary>The machine answers but nothing listens: the process has ended.</summary>
    Refuses,

    /// <summary>The machine does not answer, or the network does not reach it.</summary>
    Silent,
}

/// <summary>The active members of a cluster, as its membership table in the database has them.</summary>
internal sealed class MemberTable(string connectionString, string cluster)
{
    private static readonly TimeSpan ProbeTimeout = TimeSpan.FromSeconds(1);

    private readonly string connectionString = ClusterSchema.ConnectionString(connectionString);

    /// <summary>Connects to every active member but this silo and what was at its address before: Orleans sees to that itself.</summary>
    public async Task<IReadOnlyList<(Member Member, MemberAnswer Answer)>> ProbeAsync(SiloAddress self, CancellationToken cancel)
    {
        var others = (await ReadAsync(cancel)).Where(member => member.Port != self.Endpoint.Port || !member.Address.Equals(self.Endpoint.Address));
        return await Task.WhenAll(others.Select(async member => (member, await ProbeAsync(member, cancel))));
    }

    /// <returns>False if it was already declared dead.</returns>
    public async Task<bool> DeclareDeadAsync(Member member, CancellationToken cancel)
    {
        await using var connection = await OpenAsync(cancel);
        await using var command = new NpgsqlCommand(
            """
            with moved as (
                update clusters set version = version + 1
                where cluster = $1 and exists (select from members where cluster = $1 and address = $2 and port = $3 and generation = $4 and status < 6)
                returning cluster)
            update members m set status = 6 from moved
            where m.cluster = moved.cluster and m.address = $2 and m.port = $3 and m.generation = $4 and m.status < 6
            """,
            connection);
        Add(command, NpgsqlDbType.Text, cluster);
        Add(command, NpgsqlDbType.Text, member.Address.ToString());
        Add(command, NpgsqlDbType.Integer, member.Port);
        Add(command, NpgsqlDbType.Integer, member.Generation);
        return await command.ExecuteNonQueryAsync(cancel) > 0;
    }

    private async Task<IReadOnlyList<Member>> ReadAsync(CancellationToken cancel)
    {
        await using var connection = await OpenAsync(cancel);
        await using var command = new NpgsqlCommand(
            """
            select address, port, generation, host_name, clock_timestamp() - alive_at from members
            where cluster = $1 and status = 3 order by address, port, generation
            """,
            connection);
        Add(command, NpgsqlDbType.Text, cluster);
        await using var rows = await command.ExecuteReaderAsync(cancel);
        var found = new List<Member>();
        while (await rows.ReadAsync(cancel))
            found.Add(new Member(IPAddress.Parse(rows.GetString(0)), rows.GetInt32(1), rows.GetInt32(2), rows.GetString(3), rows.GetTimeSpan(4)));
        return found;
    }

    private static async Task<MemberAnswer> ProbeAsync(Member member, CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(ProbeTimeout);
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(member.Address, member.Port, limit.Token);
            return MemberAnswer.Listens;
        }
        catch (SocketException error)
        {
            return error.SocketErrorCode == SocketError.ConnectionRefused ? MemberAnswer.Refuses : MemberAnswer.Silent;
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return MemberAnswer.Silent;
        }
    }

    private async Task<NpgsqlConnection> OpenAsync(CancellationToken cancel)
    {
        var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(cancel);
        return connection;
    }

    private static void Add(NpgsqlCommand command, NpgsqlDbType type, object value) =>
        command.Parameters.Add(new NpgsqlParameter { NpgsqlDbType = type, Value = value });
}
