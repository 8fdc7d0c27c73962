// Thin ownership around FFmpeg. It is used directly because OpenCV's writer neither says which colours it wrote, so
// that players show another shade, nor lets the quality be chosen.
#include "sim/consult/mp4.h"

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/log.h>
#include <libavutil/opt.h>
}

#include <cmath>
#include <cstdio>
#include <cstring>
#include <opencv2/imgproc.hpp>
#include <string>

#include "sim/core/error.h"

namespace stipple {
namespace {

constexpr int frames_per_second = 25, frame_ms = 1000 / frames_per_second;
constexpr int io_bytes = 1 << 16;
constexpr int encoder_threads = 2;  // fixed: the bytes depend on it

[[noreturn]] void fail(const std::string& detail) {
  throw Error(ErrorKind::internal, "MP4", "cannot be encoded (" + detail + ")", "write a .webp or .gif");
}

int checked(int status, const char* what) {
  if (status < 0) fail(what);
  return status;
}

/// A file in memory, because the size of the film is written at its start when its end is known.
struct MemoryFile {
  std::string bytes;
  size_t at = 0;

  static int write(void* self, uint8_t* data, int count) {
    auto& file = *static_cast<MemoryFile*>(self);
    const auto size = static_cast<size_t>(count);
    if (file.bytes.size() < file.at + size) file.bytes.resize(file.at + size);
    std::memcpy(file.bytes.data() + file.at, data, size);
    file.at += size;
    return count;
  }
  static int64_t seek(void* self, int64_t offset, int whence) {
    auto& file = *static_cast<MemoryFile*>(self);
    const auto size = static_cast<int64_t>(file.bytes.size());
    if (whence & AVSEEK_SIZE) return size;
    const int64_t from = whence == SEEK_CUR ? static_cast<int64_t>(file.at) : whence == SEEK_END ? size : 0;
    if (from + offset < 0) return -1;
    file.at = static_cast<size_t>(from + offset);
    return from + offset;
  }
};

struct Release {
  void operator()(AVCodecContext* codec) const { avcodec_free_context(&codec); }
  void operator()(AVFrame* frame) const { av_frame_free(&frame); }
  void operator()(AVPacket* packet) const { av_packet_free(&packet); }
  void operator()(AVFormatContext* container) const { avformat_free_context(container); }
  void operator()(AVIOContext* io) const {
    av_freep(&io->buffer);
    avio_context_free(&io);
  }
};

/// sRGB to BT.709 of limited range, the colour planes halved; 8-bit code values in `planes`.
void to_planes(const cv::Mat3b& rgb, cv::Mat1b planes[3]) {
  const cv::Matx34f matrix(0.182586f, 0.614231f, 0.062007f, 16,     //
                           -0.100644f, -0.338572f, 0.439216f, 128,  //
                           0.439216f, -0.398942f, -0.040274f, 128);
  cv::Mat3f codes, yuv;
  rgb.convertTo(codes, CV_32F);
  cv::transform(codes, yuv, matrix);
  for (int c = 0; c < 3; ++c) {
    cv::Mat1f plane;
    cv::extractChannel(yuv, plane, c);
    if (c > 0) cv::resize(plane, plane, rgb.size() / 2, 0, 0, cv::INTER_AREA);
    plane.convertTo(planes[c], CV_8U);
  }
}

/// x264's constant rate factor: 18 cannot be told from the original, 28 is plainly coarser.
double rate_factor(int quality) { return 18 + 0.25 * (90 - quality); }

}  // namespace

struct Mp4Film::Encoder {
  cv::Size size, coded;
  MemoryFile file;
  std::unique_ptr<AVIOContext, Release> io;
  std::unique_ptr<AVFormatContext, Release> container;
  std::unique_ptr<AVCodecContext, Release> codec;
  std::unique_ptr<AVFrame, Release> frame{av_frame_alloc()};
  std::unique_ptr<AVPacket, Release> packet{av_packet_alloc()};
  AVStream* stream = nullptr;
  int64_t frames = 0, elapsed_ms = 0;

  void open_codec(int quality);
  void open_file();
  void send(const AVFrame* next);
};

void Mp4Film::Encoder::open_codec(int quality) {
  av_log_set_level(AV_LOG_FATAL);  // what goes wrong is said by checked()
  const AVCodec* x264 = avcodec_find_encoder_by_name("libx264");
  if (!x264) fail("this computer's FFmpeg has no H.264 encoder");
  codec.reset(avcodec_alloc_context3(x264));
  if (!codec || !frame || !packet) fail("out of memory");
  codec->width = coded.width;
  codec->height = coded.height;
  codec->pix_fmt = AV_PIX_FMT_YUV420P;
  codec->time_base = {1, frames_per_second};
  codec->framerate = {frames_per_second, 1};
  codec->gop_size = 2 * frames_per_second;
  codec->thread_count = encoder_threads;
  codec->flags |= AV_CODEC_FLAG_GLOBAL_HEADER | AV_CODEC_FLAG_BITEXACT;
  codec->color_range = AVCOL_RANGE_MPEG;
  codec->colorspace = AVCOL_SPC_BT709;
  codec->color_primaries = AVCOL_PRI_BT709;
  codec->color_trc = AVCOL_TRC_IEC61966_2_1;
  checked(av_opt_set_double(codec->priv_data, "crf", rate_factor(quality), 0), "quality");
  checked(av_opt_set(codec->priv_data, "preset", "fast", 0), "preset");
  checked(av_opt_set(codec->priv_data, "profile", "high", 0), "profile");
  checked(avcodec_open2(codec.get(), x264, nullptr), "the encoder refuses this size");
}

void Mp4Film::Encoder::open_file() {
  AVFormatContext* made = nullptr;
  checked(avformat_alloc_output_context2(&made, nullptr, "mp4", nullptr), "no MP4 writer");
  container.reset(made);
  io.reset(avio_alloc_context(static_cast<uint8_t*>(av_malloc(io_bytes)), io_bytes, 1, &file, nullptr,
                              MemoryFile::write, MemoryFile::seek));
  stream = avformat_new_stream(container.get(), nullptr);
  if (!io || !stream) fail("out of memory");
  container->pb = io.get();
  container->flags |= AVFMT_FLAG_BITEXACT;
  stream->time_base = codec->time_base;
  stream->avg_frame_rate = codec->framerate;
  checked(avcodec_parameters_from_context(stream->codecpar, codec.get()), "parameters");
  checked(avformat_write_header(container.get(), nullptr), "header");
}

void Mp4Film::Encoder::send(const AVFrame* next) {
  checked(avcodec_send_frame(codec.get(), next), "frame");
  while (avcodec_receive_packet(codec.get(), packet.get()) >= 0) {
    packet->stream_index = stream->index;
    packet->duration = 1;
    av_packet_rescale_ts(packet.get(), codec->time_base, stream->time_base);
    checked(av_interleaved_write_frame(container.get(), packet.get()), "packet");
  }
}

Mp4Film::Mp4Film(cv::Size size, int quality) : encoder_(std::make_unique<Encoder>()) {
  encoder_->size = size;
  encoder_->coded = {(size.width + 1) / 2 * 2, (size.height + 1) / 2 * 2};
  encoder_->open_codec(quality);
  encoder_->open_file();
}

Mp4Film::~Mp4Film() = default;

void Mp4Film::add(const cv::Mat3b& rgb, int milliseconds) {
  Encoder& e = *encoder_;
  if (rgb.size() != e.size) fail("a frame of another size");
  cv::Mat3b padded;
  cv::copyMakeBorder(rgb, padded, 0, e.coded.height - rgb.rows, 0, e.coded.width - rgb.cols, cv::BORDER_REPLICATE);
  cv::Mat1b planes[3];
  to_planes(padded, planes);
  e.elapsed_ms += milliseconds;
  for (; (e.frames + 1) * frame_ms <= e.elapsed_ms + frame_ms / 2; ++e.frames) {
    av_frame_unref(e.frame.get());
    e.frame->format = e.codec->pix_fmt;
    e.frame->width = e.coded.width;
    e.frame->height = e.coded.height;
    checked(av_frame_get_buffer(e.frame.get(), 0), "out of memory");
    for (int c = 0; c < 3; ++c) {
      const cv::Mat to(planes[c].size(), CV_8U, e.frame->data[c], static_cast<size_t>(e.frame->linesize[c]));
      planes[c].copyTo(to);
    }
    e.frame->pts = e.frames;
    e.send(e.frame.get());
  }
}

std::string Mp4Film::finish() {
  Encoder& e = *encoder_;
  e.send(nullptr);
  checked(av_write_trailer(e.container.get()), "trailer");
  avio_flush(e.io.get());
  return std::move(e.file.bytes);
}

}  // namespace stipple
