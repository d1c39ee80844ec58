using System.Runtime.InteropServices;
using Npgsql;
using NpgsqlTypes;

namespace IncidentActors.Storage.Postgres;

/// <summary>Adds parameters by position: the columns of many rows as arrays, so that a whole batch is one statement.</summary>
internal static class Columns
{
    public static NpgsqlBatchCommand Add(this NpgsqlBatch batch, string sql)
    {
        var command = new NpgsqlBatchCommand(sql);
        batch.BatchCommands.Add(command);
        return command;
    }

    public static NpgsqlBatchCommand Value(this NpgsqlBatchCommand command, NpgsqlDbType type, object? value)
    {
        command.Parameters.Add(new NpgsqlParameter { NpgsqlDbType = type, Value = value ?? DBNull.Value });
        return command;
    }

    public static NpgsqlBatchCommand Text(this NpgsqlBatchCommand command, string? value) => command.Value(NpgsqlDbType.Text, value);

    public static NpgsqlBatchCommand Long(this NpgsqlBatchCommand command, long? value) => command.Value(NpgsqlDbType.Bigint, value);

    public static NpgsqlBatchCommand Json(this NpgsqlBatchCommand command, ReadOnlyMemory<byte> value) =>
        command.Value(NpgsqlDbType.Json, Whole(value));

    public static NpgsqlBatchCommand Texts<T>(this NpgsqlBatchCommand command, List<T> rows, Func<T, string?> column) =>
        command.Add(NpgsqlDbType.Array | NpgsqlDbType.Text, rows, column);

    public static NpgsqlBatchCommand Longs<T>(this NpgsqlBatchCommand command, List<T> rows, Func<T, long> column) =>
        command.Add(NpgsqlDbType.Array | NpgsqlDbType.Bigint, rows, column);

    public static NpgsqlBatchCommand Ints<T>(this NpgsqlBatchCommand command, List<T> rows, Func<T, int> column) =>
        command.Add(NpgsqlDbType.Array | NpgsqlDbType.Integer, rows, column);

    public static NpgsqlBatchCommand Bools<T>(this NpgsqlBatchCommand command, List<T> rows, Func<T, bool> column) =>
        command.Add(NpgsqlDbType.Array | NpgsqlDbType.Boolean, rows, column);

    public static NpgsqlBatchCommand Jsons<T>(this NpgsqlBatchCommand command, List<T> rows, Func<T, ReadOnlyMemory<byte>> column) =>
        command.Add(NpgsqlDbType.Array | NpgsqlDbType.Json, rows, row => Whole(column(row)));

    public static NpgsqlBatchCommand JsonsOrNulls<T>(this NpgsqlBatchCommand command, List<T> rows, Func<T, byte[]?> column) =>
        command.Add(NpgsqlDbType.Array | NpgsqlDbType.Json, rows, column);

    /// <summary>The memory's own array where it is all of it, which it is for what a serialiser made.</summary>
    public static byte[] Whole(ReadOnlyMemory<byte> memory) =>
        MemoryMarshal.TryGetArray(memory, out var segment)
        && segment.Offset == 0 && segment.Count == segment.Array!.Length
            ? segment.Array
            : memory.ToArray();

    private static NpgsqlBatchCommand Add<T, TColumn>(
        this NpgsqlBatchCommand command, NpgsqlDbType type, List<T> rows, Func<T, TColumn> column)
    {
        var values = new TColumn[rows.Count];
        for (var i = 0; i < values.Length; i++) values[i] = column(rows[i]);
        command.Parameters.Add(new NpgsqlParameter<TColumn[]> { NpgsqlDbType = type, TypedValue = values });
        return command;
    }
}
