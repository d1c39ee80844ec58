using IncidentActors.Server.Runbooks;

namespace IncidentActors.Server.Tests.Runbooks;

public sealed class RunOutputTests
{
    private const int Length = 40_000_000;

    [Fact]
    public void A_line_without_end_takes_no_memory()
    {
        var output = new RunOutput(64 * 1024, new([]));
        using var stream = new StreamReader(new Zeros(Length));

        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.True(output.ReadAsync(stream, default).IsCompletedSuccessfully);

        // Two bytes a character if it were kept.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, Length / 10);
        Assert.EndsWith("[line cut at 8192 characters]\n", output.ToString(), StringComparison.Ordinal);
    }

    /// <summary>Answers at once, so that everything is read by the caller's thread.</summary>
    private sealed class Zeros(int left) : MemoryStream
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var length = Math.Min(left, buffer.Length);
            buffer.Span[..length].Clear();
            left -= length;
            return ValueTask.FromResult(length);
        }
    }
}
