using System.Buffers;
using System.Text;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace IncidentActors.Storage.Sqlite;

/// <summary>
/// A prepared statement that is used again and again. Under the driver's command type, because a turn binds some thirty values,
/// mostly UTF-8 already, and the command would box and transcode each of them.
/// </summary>
internal sealed class Statement : IDisposable
{
    private readonly sqlite3 database;
    private readonly sqlite3_stmt handle;

    public Statement(sqlite3 database, string sql)
    {
        this.database = database;
        SqliteException.ThrowExceptionForRC(raw.sqlite3_prepare_v3(database, sql, raw.SQLITE_PREPARE_PERSISTENT, out handle), database);
    }

    public Statement Bind(int index, long value)
    {
        Check(raw.sqlite3_bind_int64(handle, index, value));
        return this;
    }

    public Statement Bind(int index, bool value) => Bind(index, value ? 1 : 0);

    public Statement Bind(int index, long? value) => value is { } number ? Bind(index, number) : BindNull(index);

    public Statement Bind(int index, ReadOnlyMemory<byte> utf8) => Bind(index, utf8.Span);

    public Statement BindJson(int index, byte[]? utf8) => utf8 is null ? BindNull(index) : Bind(index, (ReadOnlySpan<byte>)utf8);

    public Statement Bind(int index, ReadOnlySpan<byte> utf8)
    {
        // The binding takes the null pointer of an empty span for NULL.
        Check(utf8.IsEmpty ? raw.sqlite3_bind_text(handle, index, "") : raw.sqlite3_bind_text(handle, index, utf8));
        return this;
    }

    public Statement Bind(int index, string? text)
    {
        if (text is null) return BindNull(index);
        const int OnStack = 768;
        if (text.Length * 3 <= OnStack)
        {
            Span<byte> buffer = stackalloc byte[OnStack];
            return Bind(index, (ReadOnlySpan<byte>)buffer[..Encoding.UTF8.GetBytes(text, buffer)]);
        }

        var rented = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(text.Length));
        Bind(index, (ReadOnlySpan<byte>)rented.AsSpan(0, Encoding.UTF8.GetBytes(text, rented)));
        ArrayPool<byte>.Shared.Return(rented);
        return this;
    }

    /// <summary>True: there is a row. After the last row, or when no further one is wanted, <see cref="Reset"/>.</summary>
    public bool Step()
    {
        var result = raw.sqlite3_step(handle);
        if (result == raw.SQLITE_ROW) return true;
        if (result == raw.SQLITE_DONE) return false;
        _ = raw.sqlite3_reset(handle);
        SqliteException.ThrowExceptionForRC(result, database);
        return false;
    }

    public void Reset() => _ = raw.sqlite3_reset(handle);

    /// <summary>Runs to the end; returns how many rows were changed.</summary>
    public int Execute()
    {
        while (Step())
        {
        }

        Reset();
        return raw.sqlite3_changes(database);
    }

    public bool IsNull(int column) => raw.sqlite3_column_type(handle, column) == raw.SQLITE_NULL;

    public long Number(int column) => raw.sqlite3_column_int64(handle, column);

    public double Real(int column) => raw.sqlite3_column_double(handle, column);

    public ReadOnlySpan<byte> Utf8(int column) => raw.sqlite3_column_blob(handle, column);

    public byte[] Bytes(int column) => Utf8(column).ToArray();

    public string Text(int column) => Encoding.UTF8.GetString(Utf8(column));

    public string? TextOrNull(int column) => IsNull(column) ? null : Text(column);

    public void Dispose() => handle.Dispose();

    private Statement BindNull(int index)
    {
        Check(raw.sqlite3_bind_null(handle, index));
        return this;
    }

    private void Check(int result)
    {
        if (result != raw.SQLITE_OK) SqliteException.ThrowExceptionForRC(result, database);
    }
}
