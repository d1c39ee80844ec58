using Microsoft.Win32.SafeHandles;

namespace IncidentActors.Cli.Terminals;

/// <summary>Standard output can no longer be written to.</summary>
internal sealed class OutputException(Exception cause) : Exception($"Standard output cannot be written: {cause.Message}")
{
    /// <summary>The error number EPIPE.</summary>
    private const int BrokenPipe = 32;

    /// <summary>The pipe's other end is closed.</summary>
    public bool OutputClosed => cause.HResult == BrokenPipe;
}

/// <summary>Standard output into a pipe or a file; reports when the reader is gone.</summary>
internal sealed class StandardOutput : Stream
{
    private const int Descriptor = 1;

    private Stream? inner;

    public static TextWriter Open() => new StreamWriter(new StandardOutput(), new System.Text.UTF8Encoding(false)) { AutoFlush = true };

    public override bool CanRead => false;
    public override bool CanSeek => false;
    public override bool CanWrite => true;
    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <exception cref="OutputException">It can no longer be written to.</exception>
    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    /// <exception cref="OutputException">It can no longer be written to.</exception>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        try
        {
            inner ??= OpenInner();
            inner.Write(buffer);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new OutputException(error);
        }
    }

    public override void Flush() => inner?.Flush();
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <summary>
    /// <see cref="Console"/> keeps writing into a pipe without a reader, so that <c>incident events | head -1</c> would never end; a file stream
    /// keeps its own file position, so that the next program would overwrite the output.
    /// </summary>
    private static Stream OpenInner()
    {
        if (OperatingSystem.IsWindows()) return Console.OpenStandardOutput();
        var file = new FileStream(new SafeFileHandle(Descriptor, ownsHandle: false), FileAccess.Write, bufferSize: 0);
        return file.CanSeek ? Console.OpenStandardOutput() : file;
    }
}
