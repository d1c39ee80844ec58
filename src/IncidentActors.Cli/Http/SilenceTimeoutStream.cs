namespace IncidentActors.Cli.Http;

/// <summary>Reads from a stream that says something now and then, if only a comment; when it is silent for too long, reading is canceled.</summary>
internal sealed class SilenceTimeoutStream(Stream inner, TimeSpan timeout, Action heard) : Stream
{
    private Action? first = heard;

    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => false;
    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        using var silence = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        silence.CancelAfter(timeout);
        var read = await inner.ReadAsync(buffer, silence.Token);
        if (read > 0) Interlocked.Exchange(ref first, null)?.Invoke();
        return read;
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    public override void Flush() => throw new NotSupportedException();
}
