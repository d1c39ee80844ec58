namespace IncidentActors.Server.Mcp;

/// <summary>
/// The body of an answer whose writes end only with the connection. Kestrel aborts the connection when the token of a write is canceled, and the SDK's
/// transport writes with the token of its session: a session that ended at that moment would take its client's connection with it.
/// </summary>
internal sealed class UncanceledWrites(Stream body, CancellationToken connection) : Stream
{
    public override bool CanRead => false;
    public override bool CanSeek => false;
    public override bool CanWrite => true;
    public override long Length => body.Length;

    public override long Position
    {
        get => body.Position;
        set => body.Position = value;
    }

    public override void Flush() => body.Flush();

    public override Task FlushAsync(CancellationToken cancellationToken) => body.FlushAsync(connection);

    public override void Write(byte[] buffer, int offset, int count) => body.Write(buffer, offset, count);

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        body.WriteAsync(buffer.AsMemory(offset, count), connection).AsTask();

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => body.WriteAsync(buffer, connection);

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
