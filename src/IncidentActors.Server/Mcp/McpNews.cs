using System.Globalization;
using System.Text;

namespace IncidentActors.Server.Mcp;

/// <summary>
/// What the server says by itself in a session, as server-sent events with ids. The protocol writes into it for as long as the session lasts; a
/// client's stream comes and goes: one that comes again gets what came meanwhile, or what followed the event that it saw last.
/// </summary>
internal sealed class McpNews : Stream
{
    /// <summary>Older events are forgotten: the client reads anew what they were about.</summary>
    private const int MostKept = 256;

    /// <summary>Something is sent so often even when nothing happens, so that a connection that is dead is noticed.</summary>
    private static readonly TimeSpan Alive = TimeSpan.FromSeconds(15);

    private readonly Lock gate = new();
    private readonly Queue<(long Id, byte[] Text)> kept = new();
    private readonly MemoryStream begun = new();
    private TaskCompletionSource arrived = Signal();
    private CancellationTokenSource? current;
    private long last;
    private long delivered;

    /// <summary>Writes events until the client goes, the session ends, or another stream takes its place.</summary>
    /// <param name="after">Id of the event that the client saw last, or null: what no stream has brought yet.</param>
    public async Task StreamAsync(Stream response, string? after, CancellationToken cancel)
    {
        using var own = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        lock (gate)
        {
            current?.Cancel();
            current = own;
        }

        try
        {
            var seen = long.TryParse(after, NumberStyles.None, CultureInfo.InvariantCulture, out var id) && id <= last ? id : delivered;
            while (true)
            {
                var (events, more) = Behind(seen);
                foreach (var one in events)
                {
                    await response.WriteAsync(Encoding.ASCII.GetBytes($"id: {one.Id}\n"), own.Token);
                    await response.WriteAsync(one.Text, own.Token);
                    seen = one.Id;
                }

                await response.FlushAsync(own.Token);
                Delivered(seen);
                try
                {
                    await more.WaitAsync(Alive, own.Token);
                }
                catch (TimeoutException)
                {
                    await response.WriteAsync(":\n\n"u8.ToArray(), own.Token);
                }
            }
        }
        catch (Exception gone) when (gone is OperationCanceledException or IOException)
        {
            // What was not brought waits for the next stream.
        }
        finally
        {
            lock (gate)
            {
                if (current == own) current = null;
            }
        }
    }

    /// <summary>Somebody listens.</summary>
    public bool Heard
    {
        get
        {
            lock (gate) return current is not null;
        }
    }

    private (List<(long Id, byte[] Text)> Events, Task More) Behind(long seen)
    {
        lock (gate) return ([.. kept.Where(one => one.Id > seen)], arrived.Task);
    }

    private void Delivered(long id)
    {
        lock (gate) delivered = Math.Max(delivered, id);
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    /// <summary>An event is whole where an empty line ends it.</summary>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        lock (gate)
        {
            begun.Write(buffer);
            var text = begun.GetBuffer().AsSpan(0, (int)begun.Length);
            for (int end; (end = text.IndexOf("\n\n"u8)) >= 0; text = text[(end + 2)..])
            {
                if (end == 0) continue;
                kept.Enqueue((++last, text[..(end + 2)].ToArray()));
                if (kept.Count > MostKept) kept.Dequeue();
            }

            var rest = text.ToArray();
            begun.SetLength(0);
            begun.Write(rest);
            var signal = arrived;
            arrived = Signal();
            signal.SetResult();
        }
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        Write(buffer.AsSpan(offset, count));
        return Task.CompletedTask;
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Write(buffer.Span);
        return ValueTask.CompletedTask;
    }

    public override void Flush()
    {
    }

    public override bool CanRead => false;
    public override bool CanSeek => false;
    public override bool CanWrite => true;
    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    private static TaskCompletionSource Signal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
